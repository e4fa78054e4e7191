/*
grain: one row per stretch of a reported episode with one grade
key: [subject, episode, start_s]
description: The investigator's grade over time, 0 where no record speaks for a while.
source: docs/grading.md, section 4, step 6
*/
with boundaries as (
    select subject, episode, start_s as at_s from graded.counted_records
    union
    select subject, episode, end_s from graded.counted_records
    union
    select subject, episode, end_s from graded.episodes where source = 'reported'
),

stretches as (
    select b.*, lead(b.at_s) over (partition by b.subject, b.episode order by b.at_s nulls last) as until_s
    from boundaries as b
),

graded as (
    select
        t.subject,
        t.episode,
        t.at_s,
        t.until_s,
        -- No grade where only records without one speak; 0 where none does.
        case when count(i._row) = 0 then 0 else max(case when i.is_graded then i.grade_max end) end as grade
    from stretches as t
    left join graded.counted_records as i
        on i.subject = t.subject and i.episode = t.episode and i.start_s <= t.at_s and i.end_s > t.at_s
    where t.until_s is not null
    group by all
),

changed as (
    select
        g.*,
        case
            when coalesce(g.grade, -1) = lag(coalesce(g.grade, -1)) over (partition by g.subject, g.episode order by g.at_s nulls last) then 0
            else 1
        end as changes
    from graded as g
),

numbered as (
    select
        c.*,
        sum(c.changes) over (
            partition by c.subject, c.episode order by c.at_s nulls last rows between unbounded preceding and current row
        ) as stretch
    from changed as c
)

select
    n.subject,                                       -- Number of the subject
    n.episode,                                       -- Number of the episode, 1 for the first
    min(n.at_s) as start_s,                          -- Start, seconds since 1970-01-01
    max(n.until_s) as end_s,                         -- End, seconds since 1970-01-01
    min(n.grade) as grade                            -- Grade, 0-4; empty where the records give none
from numbered as n
group by n.subject, n.episode, n.stretch
