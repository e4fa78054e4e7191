/*
grain: one row per slice of time in which the running vasopressors do not change
key: [subject, start_s]
description: >
  How many vasopressors run at once, counted by agent, whatever the number of records. Vasopressin and terlipressin are one
  class, which does not make vasopressors multiple on ASTCT but is one more where a scale counts it.
source: docs/grading.md, sections 2 and 5
*/
with running as (
    select v.* from staged.vasopressors as v where v.why_not is null and v.end_s > v.start_s
),

edges as (
    select subject, start_s as at_s from running
    union
    select subject, end_s from running
),

slices as (
    select e.subject, e.at_s as start_s, lead(e.at_s) over (partition by e.subject order by e.at_s nulls last) as end_s
    from edges as e
),

agents as (
    select
        s.subject,
        s.start_s,
        s.end_s,
        r.agent,
        max(case when r.is_vasopressin then 1 else 0 end) as vasopressin,
        max(case when r.is_high_min then 1 else 0 end) as high_min,
        max(case when r.is_high_max then 1 else 0 end) as high_max,
        max(case when r.is_high_by_weight_min then 1 else 0 end) as high_by_weight_min,
        max(case when r.is_high_by_weight_max then 1 else 0 end) as high_by_weight_max,
        coalesce(max(case when not r.is_vasopressin then r.equivalent_ug_kg_min end), 0) as equivalent_ug_kg_min,
        max(case when not r.is_vasopressin and r.equivalent_ug_kg_min is null then 1 else 0 end) as unknown,
        max(case when r.is_ongoing and r.end_s = s.end_s then 1 else 0 end) as ongoing,
        min(case when r.end_s = s.end_s and r.end_precision in ('Y', 'M', 'D') then 'D' else 's' end) as end_precision
    from slices as s
    join running as r on r.subject = s.subject and r.start_s <= s.start_s and r.end_s >= s.end_s
    group by s.subject, s.start_s, s.end_s, r.agent
),

counted as (
    select
        a.subject,
        a.start_s,
        a.end_s,
        sum(1 - a.vasopressin) as agents,
        max(a.vasopressin) as vasopressin,
        max(a.high_min) as high_min,
        max(a.high_max) as high_max,
        max(a.high_by_weight_min) as high_by_weight_min,
        max(a.high_by_weight_max) as high_by_weight_max,
        sum(a.equivalent_ug_kg_min) as equivalent_ug_kg_min,
        max(a.unknown) as unknown,
        max(a.ongoing) as ongoing,
        min(a.end_precision) as end_precision
    from agents as a
    group by a.subject, a.start_s, a.end_s
),

combined as (
    select
        c.*,
        -- Two agents, or one beside vasopressin, are high dose by their norepinephrine equivalent too.
        case
            when c.agents >= 2 or (c.agents = 1 and c.vasopressin = 1)
                then case when floor(c.equivalent_ug_kg_min * 100000 + 0.5) >= h.at_least * 100000 then 1 else 0 end
            else 0
        end as combined_min,
        case when c.agents >= 2 or (c.agents = 1 and c.vasopressin = 1) then c.unknown else 0 end as combined_unknown
    from counted as c
    left join reference.high_dose_vasopressors as h
        on h.criteria = 'penn' and h.agent = case when c.vasopressin = 1 then 'with vasopressin' else 'combination' end
)

select
    c.subject,                                                       -- Number of the subject
    c.start_s,                                                       -- Start, seconds since 1970-01-01
    c.end_s,                                                         -- End, seconds since 1970-01-01
    c.end_precision,                                                 -- Precision of the end: D when a record that ends there has no time, else s
    c.ongoing = 1 as is_ongoing,                                     -- Whether a record that ends there goes on beyond the end of follow-up
    case when c.agents >= 2 then 4 else 3 end as level,              -- Level of hypotension, 3 or 4
    c.agents + c.vasopressin as vasopressors,                        -- Number of agents, vasopressin included
    c.high_min,                                                      -- 1 when high dose by Lee 2014 for certain
    c.high_max,                                                      -- 1 when high dose by Lee 2014 at most
    greatest(c.high_by_weight_min, c.combined_min) as high_by_weight_min, -- 1 when high dose by Porter 2018 for certain
    greatest(c.high_by_weight_max, c.combined_min, c.combined_unknown) as high_by_weight_max -- 1 when high dose by Porter 2018 at most
from combined as c
