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

neighbours as (
    select
        r.*,
        lag(r.end_s) over (partition by r.subject, r.feature, r.can_begin order by r.start_s nulls last) as ended_s,
        lead(r.start_s) over (partition by r.subject, r.feature, r.can_begin order by r.start_s nulls last) as next_s
    from readings as r
),

edges as (
    select
        n.*,
        n.ended_s is null or n.ended_s < n.start_s as opens,
        n.next_s is null or n.next_s > n.end_s as closes
    from neighbours as n
),

paired as (
    select
        e.*,
        lead(e.end_s) over (
            partition by e.subject, e.feature, e.can_begin order by e.start_s nulls last, case when e.opens then 0 else 1 end nulls last
        ) as last_end_s,
        lead(e.start_precision) over (
            partition by e.subject, e.feature, e.can_begin order by e.start_s nulls last, case when e.opens then 0 else 1 end nulls last
        ) as last_precision,
        lead(e.is_ongoing) over (
            partition by e.subject, e.feature, e.can_begin order by e.start_s nulls last, case when e.opens then 0 else 1 end nulls last
        ) as last_is_ongoing
    from edges as e
    -- Only the first and the last reading of a stretch matter; each first one is followed by its last.
    where e.opens or e.closes
)

select
    p.subject,                                                   -- Number of the subject
    p.feature,                                                   -- fever or low_pressure
    p.can_begin,                                                 -- Whether an episode may begin with it
    p.start_s,                                                   -- Start, seconds since 1970-01-01
    p.start_precision,                                           -- Precision of the start: Y, M, D, h, m or s
    case when p.closes then p.end_s else p.last_end_s end as end_s, -- End, seconds since 1970-01-01
    case
        when case when p.closes then p.start_precision else p.last_precision end in ('Y', 'M', 'D') then 'D'
        else 's'
    end as end_precision,                                        -- Precision of the end: D when the last reading has no time, else s
    case when p.closes then p.is_ongoing else p.last_is_ongoing end as is_ongoing -- Whether it would go on beyond the end of follow-up
from paired as p
where p.opens
