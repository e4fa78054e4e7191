-- How high did ferritin rise, by highest grade of CRS?
-- Values beyond the limit of quantification count as that limit.
with peaks as (
    select studyid, usubjid, max(value) as ferritin_ug_per_l
    from biomarkers
    where testcd = 'FERRITIN' and day >= 0
    group by studyid, usubjid
)

select
    r.grade as highest_grade,
    count(*) as subjects,
    median(p.ferritin_ug_per_l) as median_peak_ug_per_l,
    max(p.ferritin_ug_per_l) as highest_ug_per_l
from peaks as p
inner join subject_results as r on p.studyid = r.studyid and p.usubjid = r.usubjid and r.part = 'all'
group by r.grade
order by r.grade nulls last;
