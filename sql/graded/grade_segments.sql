/*
grain: one row per stretch of an episode with one grade
key: [studyid, usubjid, source, scale, episode, start_s]
description: >
  The grade over time: stretches that tile each episode from onset to its end, 0 where no sign is there for a while. Grade 5
  has no duration, so that a fatal episode shows the grades before death.
source: docs/grading.md, section 4, step 6
*/
with boundaries as (
    select studyid, usubjid, source, scale, episode, start_s as at_s from graded.scored_intervals
    union
    select studyid, usubjid, source, scale, episode, end_s from graded.scored_intervals
    union
    select studyid, usubjid, source, scale, episode, end_s from graded.episodes
),

stretches as (
    select
        b.*,
        lead(b.at_s) over (
            partition by b.studyid, b.usubjid, b.source, b.scale, b.episode order by b.at_s nulls last
        ) as until_s
    from boundaries as b
),

graded as (
    select
        t.studyid,
        t.usubjid,
        t.source,
        t.scale,
        t.episode,
        t.at_s,
        t.until_s,
        -- No grade where only records without one speak; 0 where none does.
        case when count(i._row) = 0 then 0 else max(case when i.is_graded then i.grade_max end) end as grade
    from stretches as t
    left join graded.scored_intervals as i
        on i.studyid = t.studyid and i.usubjid = t.usubjid and i.source = t.source and i.scale = t.scale
        and i.episode = t.episode and i.start_s <= t.at_s and i.end_s > t.at_s
    where t.until_s is not null
    group by all
),

changed as (
    select
        g.*,
        case
            when coalesce(g.grade, -1) = lag(coalesce(g.grade, -1)) over (
                partition by g.studyid, g.usubjid, g.source, g.scale, g.episode order by g.at_s nulls last
            ) then 0
            else 1
        end as changes
    from graded as g
),

numbered as (
    select
        c.*,
        sum(c.changes) over (
            partition by c.studyid, c.usubjid, c.source, c.scale, c.episode
            order by c.at_s nulls last
            rows between unbounded preceding and current row
        ) as stretch
    from changed as c
)

select
    n.studyid,                                       -- Study identifier
    n.usubjid,                                       -- Unique subject identifier
    n.source,                                        -- Source of truth, reported or derived
    n.scale,                                         -- Grading scale
    n.episode,                                       -- Number of the episode, 1 for the first
    min(n.at_s) as start_s,                          -- Start, seconds since 1970-01-01
    max(n.until_s) as end_s,                         -- End, seconds since 1970-01-01
    min(n.grade) as grade,                           -- Grade, 0-4; empty where the records give none
    cast(null as integer) as fever,                  -- Level of fever; empty for reported grades
    cast(null as integer) as hypotension,            -- Level of hypotension; empty for reported grades
    cast(null as integer) as hypoxia                 -- Level of hypoxia; empty for reported grades
from numbered as n
group by n.studyid, n.usubjid, n.source, n.scale, n.episode, n.stretch
