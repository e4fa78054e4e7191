/*
grain: one row per level of every stratum variable, time-to-event parameter, time and how it ended
key: [study, therapy, dose, tumour_burden, paramcd, aval, cnsr]
description: >
  How many subjects of which study, therapy, dose and tumour burden had which time to an event over the whole treatment - what tests
  between levels start from. By dose number a subject has no one dose.
*/
with doses as (
    select l.studyid, l.usubjid, l.level
    from analysis.subject_levels as l
    where l.variable = 'dose' and l.part = 'all'
)

select
    t.studyid as study,                    -- Study identifier
    h.level as therapy,                    -- Therapy as reports name it
    d.level as dose,                       -- Dose level as reports name it; empty with step-up dosing
    b.level as tumour_burden,              -- Tumour burden level as reports name it
    t.paramcd,                             -- Parameter: TTCRS, TTCRS2, TTCRS3, TTRES or TTTOCI
    t.aval,                                -- Elapsed days
    t.cnsr,                                -- 0 event, 1 censored, 2 competing event
    count(*) as n                          -- Number of subjects
from analysis.time_to_event as t
join analysis.subject_levels as h on h.studyid = t.studyid and h.usubjid = t.usubjid and h.variable = 'therapy'
join analysis.subject_levels as b on b.studyid = t.studyid and b.usubjid = t.usubjid and b.variable = 'tumour_burden'
left join doses as d on d.studyid = t.studyid and d.usubjid = t.usubjid
where t.part = 'all' and t.paramcd in ('TTCRS', 'TTCRS2', 'TTCRS3', 'TTRES', 'TTTOCI')
group by all
