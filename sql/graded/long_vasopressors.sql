/*
grain: one row per unbroken time of vasopressors, or of a high dose, that is long enough to matter
key: [subject, feature, bound, start_s]
description: >
  From when a vasopressor has run without a break for as long as a scale asks - 24 hours of any, or 3 hours of a high dose.
  The time before does not count, since no one knew then.
source: docs/grading.md, section 5
*/
with kinds as (
    select subject, 'vasopressor_24h' as feature, 'both' as bound, start_s, end_s, 86400 as least_s from graded.vasopressor_slices
    union all
    select subject, 'high_dose_3h', 'max', start_s, end_s, 10800 from graded.vasopressor_slices where high_by_weight_max = 1
    union all
    select subject, 'high_dose_3h', 'min', start_s, end_s, 10800 from graded.vasopressor_slices where high_by_weight_min = 1
),

opened as (
    select
        k.*,
        case
            when k.start_s = lag(k.end_s) over (partition by k.subject, k.feature, k.bound order by k.start_s nulls last) then 0
            else 1
        end as opens
    from kinds as k
),

numbered as (
    select
        o.*,
        sum(o.opens) over (
            partition by o.subject, o.feature, o.bound order by o.start_s nulls last rows between unbounded preceding and current row
        ) as number
    from opened as o
)

select
    n.subject,                                         -- Number of the subject
    n.feature,                                         -- vasopressor_24h or high_dose_3h
    n.bound,                                           -- min when it is so for certain, max when it may be, both for either
    min(n.start_s) + max(n.least_s) as start_s,        -- When it has lasted long enough, seconds since 1970-01-01
    max(n.end_s) as end_s                              -- End, seconds since 1970-01-01
from numbered as n
group by n.subject, n.feature, n.bound, n.number
having max(n.end_s) > min(n.start_s) + max(n.least_s)
