/*
grain: one row per unbroken time in which CRS may begin
key: [subject, start_s]
description: >
  When an onset of CRS is attributed to study treatment - from the start of a dose for onset_window_days, the last moment not
  included. Windows that meet are one.
source: docs/grading.md, section 4
*/
with windows as (
    select s.subject, d.start_s, d.start_s + p.onset_window_s as end_s
    from staged.doses as d
    join staged.subjects as s on s.studyid = d.studyid and s.usubjid = d.usubjid
    join study.parameters as p on p.studyid = d.studyid
),

opened as (
    select
        w.*,
        case
            when w.start_s <= lag(w.end_s) over (partition by w.subject order by w.start_s nulls last) then 0
            else 1
        end as opens
    from windows as w
),

numbered as (
    select
        o.*,
        sum(o.opens) over (
            partition by o.subject order by o.start_s nulls last rows between unbounded preceding and current row
        ) as number
    from opened as o
)

select
    n.subject,                   -- Number of the subject
    min(n.start_s) as start_s,   -- Start, seconds since 1970-01-01
    max(n.end_s) as end_s        -- End, seconds since 1970-01-01
from numbered as n
group by n.subject, n.number
