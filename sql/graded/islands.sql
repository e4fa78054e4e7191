/*
grain: one row per island of signs
key: [subject, source, island]
description: >
  Intervals gathered into islands: two belong together when the gap between them is no longer than episode_gap_days and
  no study dose began in it. A dose at the edge of the gap is in it; where there is no gap, no dose parts them. Onset is the
  first interval with which an episode may begin; an island without one is not CRS.
source: docs/grading.md, section 4, steps 1 to 3
*/
with marks as (
    select i.subject, i.source, i.start_s as at_s, 1 as is_sign, i.start_s, i.end_s, i.can_begin, cast(null as bigint) as dose_s
    from graded.intervals as i
    union all
    select s.subject, k.source, d.start_s, 0, null, null, false, d.start_s
    from staged.doses as d
    join staged.subjects as s on s.studyid = d.studyid and s.usubjid = d.usubjid
    cross join (
        select 'derived' as source
        union all
        select 'reported'
    ) as k
),

preceded as (
    select
        m.*,
        max(m.end_s) over (
            partition by m.subject, m.source
            order by m.at_s nulls last, m.is_sign nulls last, m.end_s nulls last
            rows between unbounded preceding and 1 preceding
        ) as free_from_s,
        max(m.dose_s) over (
            partition by m.subject, m.source
            order by m.at_s nulls last, m.is_sign nulls last, m.end_s nulls last
            rows between unbounded preceding and 1 preceding
        ) as last_dose_s
    from marks as m
),

opened as (
    select
        p.subject,
        p.source,
        p.start_s,
        p.end_s,
        p.can_begin,
        case
            when p.free_from_s is null or p.start_s - p.free_from_s > q.episode_gap_s then 1
            when p.start_s > p.free_from_s and p.last_dose_s >= p.free_from_s then 1
            else 0
        end as opens
    from preceded as p
    join staged.subjects as s on s.subject = p.subject
    join study.parameters as q on q.studyid = s.studyid
    where p.is_sign = 1
),

numbered as (
    select
        o.*,
        sum(o.opens) over (
            partition by o.subject, o.source
            order by o.start_s nulls last, o.end_s nulls last
            rows between unbounded preceding and current row
        ) as island
    from opened as o
)

select
    n.subject,                                               -- Number of the subject
    n.source,                                                -- Source of truth, reported or derived
    n.island,                                                -- Number of the island within subject and source
    min(n.start_s) as start_s,                               -- First start, seconds since 1970-01-01
    max(n.end_s) as end_s,                                   -- Last end, seconds since 1970-01-01
    min(case when n.can_begin then n.start_s end) as onset_s -- Onset, seconds since 1970-01-01; empty for what is not CRS
from numbered as n
group by n.subject, n.source, n.island
