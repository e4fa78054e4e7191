/*
grain: one row per island of signs
key: [subject, source, island]
description: >
  The intervals of each source of truth - signs after the first dose, and the investigator's records - gathered into islands: two belong together when the gap between them is no longer than episode_gap_days and
  no study dose began in it. A dose at the edge of the gap is in it; where there is no gap, no dose parts them. Onset is the
  first fever, or record of the investigator, in the onset window of a dose; an island without one is not CRS.
source: docs/grading.md, section 4, steps 1 to 3
*/
with marks as (
    select t.subject, 'derived' as source, t.start_s as at_s, 1 as is_sign, t.start_s, t.end_s, t.can_begin, cast(null as bigint) as dose_s
    from graded.stretches as t
    where t.is_sign
    union all
    select s.subject, 'reported', r.start_s, 1, r.start_s, r.end_s, w.subject is not null, null
    from graded.reported_intervals as r
    join staged.subjects as s on s.studyid = r.studyid and s.usubjid = r.usubjid
    left join staged.onset_windows as w on w.subject = s.subject and r.start_s >= w.start_s and r.start_s < w.end_s
    where r.start_s >= s.anchor_s
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
            -- Of signs that begin and end together, the one that opens the island comes first.
            order by o.start_s nulls last, o.end_s nulls last, o.opens desc nulls last
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
