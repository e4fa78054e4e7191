/*
grain: one row per unbroken stretch of fever or of low blood pressure
key: [subject, feature, start_s]
description: >
  Readings after the first dose that say the same without a break, as one stretch. A stretch of fever is divided where
  the onset window of a dose opens or closes, so that each either can begin an episode or cannot.
source: docs/grading.md, sections 2 and 4
*/
with readings as (
    select
        r.subject,
        r.feature,
        r.start_s,
        r.end_s,
        r.start_precision,
        r.is_ongoing,
        r.feature = 'fever' and w.subject is not null as can_begin
    from staged.readings as r
    left join staged.onset_windows as w on w.subject = r.subject and r.start_s >= w.start_s and r.start_s < w.end_s
    where r.is_after_dose and r.end_s > r.start_s
),

opened as (
    select
        r.*,
        case
            when
                r.start_s = lag(r.end_s) over (partition by r.subject, r.feature order by r.start_s nulls last)
                and r.can_begin = lag(r.can_begin) over (partition by r.subject, r.feature order by r.start_s nulls last)
                then 0
            else 1
        end as opens
    from readings as r
),

numbered as (
    select
        o.*,
        sum(o.opens) over (
            partition by o.subject, o.feature order by o.start_s nulls last rows between unbounded preceding and current row
        ) as number
    from opened as o
)

select
    n.subject,                                                   -- Number of the subject
    n.feature,                                                   -- fever or low_pressure
    n.can_begin,                                                 -- Whether an episode may begin with it
    min(n.start_s) as start_s,                                   -- Start, seconds since 1970-01-01
    min(case when n.opens = 1 then n.start_precision end) as start_precision, -- Precision of the start: Y, M, D, h, m or s
    max(n.end_s) as end_s,                                       -- End, seconds since 1970-01-01
    min(case when n.start_precision in ('Y', 'M', 'D') then 'D' else 's' end) as end_precision, -- Precision of the end: D when a reading has no time, else s
    max(case when n.is_ongoing then 1 else 0 end) = 1 as is_ongoing -- Whether it would go on beyond the end of follow-up
from numbered as n
group by n.subject, n.feature, n.can_begin, n.number
