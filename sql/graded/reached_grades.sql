/*
grain: one row per episode and grade that it reached
key: [studyid, usubjid, source, scale, episode, at_least]
description: When each episode first reached each grade or more. Fatal CRS reaches grade 5 at death.
*/
with thresholds as (
    select 1 as at_least
    union all
    select 2
    union all
    select 3
    union all
    select 4
    union all
    select 5
),

reached as (
    select i.studyid, i.usubjid, 'reported' as source, t.scale, i.episode, i.grade_max as grade, i.start_s as reached_s, i.start_precision as reached_precision
    from graded.counted_records as i
    join staged.reported_scale as t on t.studyid = i.studyid
    where i.is_graded
    union all
    select
        s.studyid, s.usubjid, 'derived', g.scale, g.episode, g.grade, g.start_s,
        case when g.start_s = o.onset_s then o.onset_precision else 's' end
    from graded.derived_grades as g
    join staged.subjects as s on s.subject = g.subject
    join graded.onsets as o on o.subject = g.subject and o.source = 'derived' and o.episode = g.episode
    union all
    select e.studyid, e.usubjid, e.source, e.scale, e.episode, 5, e.end_s, e.end_precision
    from graded.episodes as e
    where e.grade = 5
)

select
    r.studyid,                 -- Study identifier
    r.usubjid,                 -- Unique subject identifier
    r.source,                  -- Source of truth, reported or derived
    r.scale,                   -- Grading scale
    r.episode,                 -- Number of the episode, 1 for the first
    t.at_least,                -- Grade that was reached or exceeded
    r.reached_s,               -- When it was first reached, seconds since 1970-01-01
    r.reached_precision        -- Precision of that: Y, M, D, h, m or s
from reached as r
join thresholds as t on r.grade >= t.at_least
qualify row_number() over (
    partition by r.studyid, r.usubjid, r.source, r.scale, r.episode, t.at_least
    order by r.reached_s nulls last, r.reached_precision nulls last
) = 1
