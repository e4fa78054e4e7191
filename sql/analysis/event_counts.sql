/*
grain: one row per stratum or arm, event level and kind of event found in it
key: [stratum, arm, soc, pt, kind]
description: How many subjects of each single stratum, and of each planned arm, had which kind of treatment-emergent adverse event, and how many records.
*/
select
    m.stratum,                               -- Name of the stratum; overall for an arm
    '' as arm,                               -- Planned arm; empty text for a stratum
    e.soc,                                   -- System organ class; empty text for all
    e.pt,                                    -- Preferred term; empty text for all
    e.kind,                                  -- Kind of event, as in event_subjects
    count(*) as n,                           -- Subjects
    cast(sum(e.records) as bigint) as records -- Records
from analysis.strata as s
join analysis.members as m on m.stratum = s.stratum
join analysis.event_subjects as e on e.studyid = m.studyid and e.usubjid = m.usubjid and e.part = m.part
where s.group2 is null
group by m.stratum, e.soc, e.pt, e.kind
union all
select 'overall', a.arm, e.soc, e.pt, e.kind, count(*), cast(sum(e.records) as bigint)
from analysis.subject_arms as a
join analysis.event_subjects as e on e.studyid = a.studyid and e.usubjid = a.usubjid and e.part = 'all'
group by a.arm, e.soc, e.pt, e.kind
