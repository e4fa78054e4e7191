-- How did the highest grades of CRS and of ICANS go together?
select
    r.grade as crs_grade,
    i.source as icans_source,
    i.grade as icans_grade,
    count(*) as subjects
from subject_results as r
inner join icans_subject as i on r.studyid = i.studyid and r.usubjid = i.usubjid
where r.part = 'all'
group by r.grade, i.source, i.grade
order by i.source, r.grade nulls last, i.grade nulls last;
