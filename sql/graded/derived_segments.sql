/*
grain: one row per stretch of a derived episode in which what counts does not change
key: [subject, episode, start_s]
description: >
  What counts over time, from onset to the end of the episode, or to a death by CRS; 0 where nothing does.
source: docs/grading.md, section 4, step 6
*/
with known as (
    select s.subject, s.episode, s.start_s, s.end_s, s.state
    from graded.states as s
    join graded.derived_ends as e on e.subject = s.subject and e.episode = s.episode
    where s.start_s < e.end_s
    union all
    select distinct e.subject, e.episode, d.end_s, e.end_s, 0
    from graded.episodes as e
    join graded.derived_ends as d on d.subject = e.subject and d.episode = e.episode
    where e.source = 'derived' and e.end_s > d.end_s
),

changed as (
    select
        k.*,
        case when k.state = lag(k.state) over (partition by k.subject, k.episode order by k.start_s nulls last) then 0 else 1 end as changes
    from known as k
),

numbered as (
    select
        c.*,
        sum(c.changes) over (
            partition by c.subject, c.episode order by c.start_s nulls last rows between unbounded preceding and current row
        ) as stretch
    from changed as c
)

select
    n.subject,                                         -- Number of the subject
    n.episode,                                         -- Number of the episode, 1 for the first
    min(n.start_s) as start_s,                         -- Start, seconds since 1970-01-01
    max(n.end_s) as end_s,                             -- End, seconds since 1970-01-01
    max(n.state) as state                              -- Everything that counts, as one number; 0 for nothing
from numbered as n
group by n.subject, n.episode, n.stretch
