/*
grain: one row per observation and time-to-event parameter
key: [studyid, usubjid, part, paramcd]
description: >
  From time zero to the first CRS (any grade, 2 or more, 3 or more), to death without it, or to the end of observation.
rules:
  - expect: column_values_to_be_in_set
    column: cnsr
    value_set: [0, 1, 2]
*/
with parameters as (
    select 'TTCRS' as paramcd, 1 as at_least, 'First CRS' as event
    union all
    select 'TTCRS2', 2, 'First CRS of grade 2 or more'
    union all
    select 'TTCRS3', 3, 'First CRS of grade 3 or more'
),

events as (
    select e.studyid, e.usubjid, e.part, 1 as at_least, e.onset_s as event_s, e.onset_precision as event_precision
    from analysis.observed_episodes as e
    where e.place = 1
    union all
    select e.studyid, e.usubjid, e.part, r.at_least, r.reached_s, r.reached_precision
    from analysis.observed_episodes as e
    join graded.primary_grades as g on g.studyid = e.studyid
    join graded.reached_grades as r
        on r.studyid = e.studyid and r.usubjid = e.usubjid and r.source = g.source and r.scale = g.scale and r.episode = e.episode
    where r.at_least > 1
    qualify row_number() over (
        partition by e.studyid, e.usubjid, e.part, r.at_least
        order by r.reached_s nulls last, r.reached_precision nulls last
    ) = 1
),

followed as (
    select
        o.studyid,
        o.usubjid,
        o.part,
        o.origin_s,
        o.origin_precision,
        o.until_s,
        o.is_to_the_end and coalesce(s.dthfl = 'Y', false) as is_dead,
        coalesce(s.death_s, o.until_s) as death_s,
        coalesce(s.death_precision, 'D') as death_precision
    from analysis.observations as o
    join staged.subjects as s on s.studyid = o.studyid and s.usubjid = o.usubjid
)

select
    f.studyid,                                          -- Study identifier
    f.usubjid,                                          -- Unique subject identifier
    f.part,                                             -- all, or the dose level
    p.paramcd,                                          -- Parameter: TTCRS, TTCRS2 or TTCRS3
    f.origin_s as from_s,                               -- Start, seconds since 1970-01-01
    f.origin_precision as from_precision,               -- Precision of the start: Y, M, D, h, m or s
    case
        when e.event_s is not null then e.event_s
        when f.is_dead then greatest(f.death_s, f.origin_s)
        -- A last contact known only by its day reaches to 24:00, which is the day after by name.
        when f.until_s % 86400 = 0 then greatest(f.until_s - 1, f.origin_s)
        else f.until_s
    end as to_s,                                        -- Event or censoring, seconds since 1970-01-01
    case
        when e.event_s is not null then e.event_precision
        when f.is_dead then f.death_precision
        when f.until_s % 86400 = 0 then 'D'
        else 's'
    end as to_precision,                                -- Precision of that: Y, M, D, h, m or s
    case when e.event_s is not null then 0 when f.is_dead then 2 else 1 end as cnsr, -- 0 event, 1 censored, 2 death without it
    case
        when e.event_s is not null then p.event
        when f.is_dead then 'Death without it'
        else 'Last contact, data cut, or a dose of another level'
    end as evntdesc                                     -- What happened
from followed as f
cross join parameters as p
left join events as e
    on e.studyid = f.studyid and e.usubjid = f.usubjid and e.part = f.part and e.at_least = p.at_least
