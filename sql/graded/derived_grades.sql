/*
grain: one row per derived episode, scale and grade it has had
key: [subject, episode, scale, grade_max]
description: Each grade that an episode has had on each scale asked for, and when first.
source: docs/grading.md, section 4, steps 6 and 7
*/
with had as (
    select s.subject, s.episode, s.state, min(s.start_s) as start_s
    from graded.states as s
    join graded.derived_ends as e on e.subject = s.subject and e.episode = s.episode
    -- Organ toxicity after the last sign is no longer CRS.
    where s.state > 0 and s.start_s < e.end_s
    group by s.subject, s.episode, s.state
)

select
    h.subject,                                         -- Number of the subject
    h.episode,                                         -- Number of the episode, 1 for the first
    g.scale,                                           -- Grading scale
    g.grade_max,                                       -- Highest grade compatible with the records at a moment, 0-4
    max(g.grade_min) as grade_min,                     -- Highest, over those moments, of the lowest grade compatible with the records
    max(case when g.is_without_rule then 1 else 0 end) as is_without_rule, -- 1 when at such a moment the scale has no rule for something that is there
    min(h.start_s) as start_s                          -- First such moment, seconds since 1970-01-01
from had as h
join staged.subjects as s on s.subject = h.subject
join study.scales as k on k.studyid = s.studyid
join graded.state_grades as g on g.state = h.state and g.scale = k.scale
group by h.subject, h.episode, g.scale, g.grade_max
