/*
grain: one row per unbroken time of fluid boluses for hypotension, or of clotting factors
key: [subject, feature, start_s]
description: Boluses, and clotting factors, that touch or overlap, as one.
source: docs/grading.md, section 5
*/
with given as (
    select b.subject, 'bolus' as feature, b.start_s, b.end_s, b.end_precision, b.is_ongoing
    from staged.fluid_boluses as b
    where b.why_not is null and b.end_s > b.start_s
    union all
    select d.subject, 'coagulopathy', d.start_s, d.end_s, d.end_precision, d.is_ongoing
    from staged.crs_drugs as d
    join staged.subjects as s on s.subject = d.subject
    where d.drug_class = 'clotting factor' and d.why_not is null and d.running_since_s >= s.anchor_s and d.end_s > d.start_s
),

opened as (
    select
        g.*,
        case
            when g.start_s <= max(g.end_s) over (
                partition by g.subject, g.feature order by g.start_s nulls last, g.end_s nulls last
                rows between unbounded preceding and 1 preceding
            ) then 0
            else 1
        end as opens
    from given as g
),

numbered as (
    select
        o.*,
        sum(o.opens) over (
            partition by o.subject, o.feature order by o.start_s nulls last, o.end_s nulls last, o.opens desc nulls last
            rows between unbounded preceding and current row
        ) as number
    from opened as o
)

select
    n.subject,                                                       -- Number of the subject
    n.feature,                                                       -- bolus or coagulopathy
    min(n.start_s) as start_s,                                       -- Start, seconds since 1970-01-01
    max(n.end_s) as end_s,                                           -- End, seconds since 1970-01-01
    min(case when n.end_precision in ('Y', 'M', 'D') then 'D' else 's' end) as end_precision, -- Precision of the end: D when a record has no time, else s
    max(case when n.is_ongoing then 1 else 0 end) = 1 as is_ongoing  -- Whether it goes on beyond the end of follow-up
from numbered as n
group by n.subject, n.feature, n.number
