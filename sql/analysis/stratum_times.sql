/*
grain: one row per stratum, time-to-event parameter, highest grade, time and how it ended
key: [stratum, paramcd, grade, aval, cnsr]
description: How many subjects of each stratum had which time to an event, by highest grade. The analyses over time are made of these.
*/
select
    m.stratum,                             -- Name of the stratum
    t.paramcd,                             -- Parameter, as in analysis.time_to_event
    r.grade,                               -- Highest grade of the subject, 0 for no CRS; empty when CRS has no grade
    t.aval,                                -- Elapsed days
    t.cnsr,                                -- 0 event, 1 censored, 2 competing event, 3 change of treatment, which competes too
    count(*) as n                          -- Number of subjects
from analysis.members as m
join analysis.time_to_event as t on t.studyid = m.studyid and t.usubjid = m.usubjid and t.part = m.part
join analysis.subject_results as r on r.studyid = m.studyid and r.usubjid = m.usubjid and r.part = m.part
group by all
