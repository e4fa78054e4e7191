/*
grain: one row per single stratum, highest grade and symptom
key: [stratum, grade, symptom]
description: How many subjects of each single stratum had which symptom during CRS, by highest grade.
*/
select
    m.stratum,                               -- Name of the stratum
    r.grade,                                 -- Highest grade of the subject; empty when CRS has no grade
    c.symptom,                               -- Symptom or organ dysfunction
    count(*) as n                            -- Number of subjects
from analysis.strata as s
join analysis.members as m on m.stratum = s.stratum
join analysis.subject_results as r on r.studyid = m.studyid and r.usubjid = m.usubjid and r.part = m.part
join analysis.crs_symptoms as c on c.studyid = m.studyid and c.usubjid = m.usubjid and c.part = m.part
where s.group2 is null
group by m.stratum, r.grade, c.symptom
