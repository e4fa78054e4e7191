/*
grain: one row per stratum, highest grade, treatment and occasion
key: [stratum, grade, treatment, occasion]
description: How many subjects of each stratum received which treatment on which occasion, by highest grade.
*/
select
    m.stratum,                             -- Name of the stratum
    r.grade,                               -- Highest grade of the subject, 0 for no CRS; empty when CRS has no grade
    t.treatment,                           -- tocilizumab, other_anticytokine, corticosteroids, vasopressors, respiratory_support or icu
    t.occasion,                            -- any time, during CRS or before onset
    count(*) as n                          -- Number of subjects
from analysis.members as m
join analysis.subject_results as r on r.studyid = m.studyid and r.usubjid = m.usubjid and r.part = m.part
join analysis.subject_treatments as t on t.studyid = m.studyid and t.usubjid = m.usubjid and t.part = m.part
group by all
