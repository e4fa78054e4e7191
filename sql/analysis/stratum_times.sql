/*
grain: one row per stratum, subject in it and time-to-event parameter
key: [stratum, studyid, usubjid, paramcd]
description: The times to events that an analysis of a stratum is made of, with the highest grade of the subject.
*/
select
    m.stratum,                             -- Name of the stratum
    t.studyid,                             -- Study identifier
    t.usubjid,                             -- Unique subject identifier
    t.paramcd,                             -- Parameter, as in analysis.time_to_event
    r.grade,                               -- Highest grade of the subject, 0 for no CRS
    t.aval,                                -- Elapsed days
    t.cnsr                                 -- 0 event, 1 censored, 2 competing event
from analysis.members as m
join analysis.time_to_event as t on t.studyid = m.studyid and t.usubjid = m.usubjid and t.part = m.part
join analysis.subject_results as r on r.studyid = m.studyid and r.usubjid = m.usubjid and r.part = m.part
