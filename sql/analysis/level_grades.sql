/*
grain: one row per level of every stratum variable and highest grade
key: [study, therapy, dose, tumour_burden, grade]
description: >
  How many treated subjects of which study, therapy, dose and tumour burden came to which highest grade over the whole treatment -
  what comparisons between levels start from. By dose number a subject has no one dose.
*/
with doses as (
    select l.studyid, l.usubjid, l.level
    from analysis.subject_levels as l
    where l.variable = 'dose' and l.part = 'all'
)

select
    r.studyid as study,                    -- Study identifier
    h.level as therapy,                    -- Therapy as reports name it
    d.level as dose,                       -- Dose level as reports name it; empty with step-up dosing
    b.level as tumour_burden,              -- Tumour burden level as reports name it
    r.grade,                               -- Highest grade, 0 for no CRS; empty when CRS has no grade
    count(*) as n                          -- Number of subjects
from analysis.subject_results as r
join analysis.subject_levels as h on h.studyid = r.studyid and h.usubjid = r.usubjid and h.variable = 'therapy'
join analysis.subject_levels as b on b.studyid = r.studyid and b.usubjid = r.usubjid and b.variable = 'tumour_burden'
left join doses as d on d.studyid = r.studyid and d.usubjid = r.usubjid
where r.part = 'all'
group by all
