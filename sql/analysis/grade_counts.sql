/*
grain: one row per stratum and highest grade found in it
key: [stratum, grade]
description: How many subjects of each stratum came to which highest grade, 0 for no CRS. A stratum without subjects has one row, with n = 0.
*/
select
    s.stratum,                             -- Name of the stratum
    r.grade,                               -- Highest grade, 0 for no CRS; empty when CRS has no grade, or the stratum no subject
    count(r.usubjid) as n                  -- Number of subjects
from analysis.strata as s
left join analysis.members as m on m.stratum = s.stratum
left join analysis.subject_results as r on r.studyid = m.studyid and r.usubjid = m.usubjid and r.part = m.part
group by all
