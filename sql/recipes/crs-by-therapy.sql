-- How many treated subjects of each therapy had CRS, and how many of grade 3 or higher?
-- The highest grade of each subject, by the source and scale that the analyses use.
select
    a.therapy,
    count(*) as treated,
    count(*) filter (where r.episodes > 0) as with_crs,
    count(*) filter (where r.grade >= 3) as grade_3_or_higher,
    round(100 * count(*) filter (where r.episodes > 0) / count(*), 1) as with_crs_percent
from adsl as a
inner join subject_results as r on a.studyid = r.studyid and a.usubjid = r.usubjid and r.part = 'all'
where a.saffl = 'Y'
group by a.therapy
order by a.therapy;
