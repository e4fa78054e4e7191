/*
grain: one row per observation and event
key: [studyid, usubjid, part, event]
description: >
  Time at risk within the window after time zero in which CRS may begin, and CRS in it - the first of any grade, 2 or more, 3 or more,
  and all episodes. Nothing is counted after the window, for the risk of CRS does not stay the same.
*/
with windows as (
    select
        o.studyid,
        o.usubjid,
        o.part,
        o.origin_s,
        p.onset_window_s,
        greatest(least(o.until_s - o.origin_s, p.onset_window_s), 0) as observed_s
    from analysis.observations as o
    join study.parameters as p on p.studyid = o.studyid
),

events as (
    select 'any' as event, 'TTCRS' as paramcd, 0 as at_least
    union all
    select '>=2', 'TTCRS2', 2
    union all
    select '>=3', 'TTCRS3', 3
),

episodes as (
    select e.studyid, e.usubjid, e.part, v.event, count(*) as episodes
    from analysis.observed_episodes as e
    join windows as w on w.studyid = e.studyid and w.usubjid = e.usubjid and w.part = e.part
    join events as v on v.at_least <= coalesce(e.grade, 0)
    where e.onset_s < w.origin_s + w.onset_window_s
    group by e.studyid, e.usubjid, e.part, v.event
)

select
    t.studyid,                                                                 -- Study identifier
    t.usubjid,                                                                 -- Unique subject identifier
    t.part,                                                                    -- all, or the dose level
    v.event,                                                                   -- any, >=2 or >=3
    t.cnsr = 0 and t.aval * 86400 <= w.onset_window_s as has_event,            -- Whether it happened within the window
    cast(floor(least(t.aval * 86400, w.onset_window_s) + 0.5) as bigint) as at_risk_s, -- Time at risk of the first one, seconds
    coalesce(e.episodes, 0) as episodes,                                       -- Episodes of that grade which began within the window
    w.observed_s                                                               -- Time observed within the window, seconds
from analysis.time_to_event as t
join events as v on v.paramcd = t.paramcd
join windows as w on w.studyid = t.studyid and w.usubjid = t.usubjid and w.part = t.part
left join episodes as e on e.studyid = t.studyid and e.usubjid = t.usubjid and e.part = t.part and e.event = v.event
