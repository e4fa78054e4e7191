/*
grain: one row per slice of time in which the running respiratory support does not change
key: [subject, start_s]
description: The level of hypoxia that the support at each time means - of devices that run at once, the highest.
source: docs/grading.md, section 2
*/
with running as (
    select r.* from staged.respiratory_support as r where r.level_max > 0 and r.end_s > r.start_s
),

edges as (
    select subject, start_s as at_s from running
    union
    select subject, end_s from running
),

slices as (
    select e.subject, e.at_s as start_s, lead(e.at_s) over (partition by e.subject order by e.at_s nulls last) as end_s
    from edges as e
)

select
    s.subject,                                                       -- Number of the subject
    s.start_s,                                                       -- Start, seconds since 1970-01-01
    s.end_s,                                                         -- End, seconds since 1970-01-01
    min(case when r.end_s = s.end_s and r.end_precision in ('Y', 'M', 'D') then 'D' else 's' end) as end_precision, -- Precision of the end: D when a record that ends there has no time, else s
    max(case when r.is_ongoing and r.end_s = s.end_s then 1 else 0 end) = 1 as is_ongoing, -- Whether a record that ends there goes on beyond the end of follow-up
    max(r.level_min) as level_min,                                   -- Lowest level of hypoxia compatible with the records, 0-4
    max(r.level_max) as level_max,                                   -- Highest level of hypoxia compatible with the records, 2-4
    max(case when r.level_min > 0 and r.fio2_min_percent >= 40 then 1 else 0 end) as high_fio2_min, -- 1 when FiO2 is 40 % or more for certain
    max(case when r.fio2_max_percent >= 40 then 1 else 0 end) as high_fio2_max, -- 1 when FiO2 may be 40 % or more
    max(case when r.is_ventilator then 1 else 0 end) as ventilator   -- 1 with invasive ventilation
from slices as s
join running as r on r.subject = s.subject and r.start_s <= s.start_s and r.end_s >= s.end_s
group by s.subject, s.start_s, s.end_s
