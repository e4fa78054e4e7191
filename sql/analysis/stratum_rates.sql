/*
grain: one row per stratum with subjects, and event
key: [stratum, event]
description: CRS and time at risk within the window after time zero, added up over the subjects of each stratum.
*/
select
    m.stratum,                                                                    -- Name of the stratum
    w.event,                                                                      -- any, >=2 or >=3
    cast(sum(case when w.has_event then 1 else 0 end) as bigint) as first_events, -- Subjects with the event within the window
    cast(sum(w.at_risk_s) as bigint) as at_risk_s,                                -- Time at risk of the first one, seconds
    cast(sum(w.episodes) as bigint) as episodes,                                  -- Episodes which began within the window
    cast(sum(w.observed_s) as bigint) as observed_s                               -- Time observed within the window, seconds
from analysis.members as m
join analysis.window_events as w on w.studyid = m.studyid and w.usubjid = m.usubjid and w.part = m.part
group by m.stratum, w.event
