/*
grain: one row per derived episode, scale and grade it has had
key: [subject, episode, scale, grade]
description: Each grade that an episode has had on each scale asked for, and when first.
source: docs/grading.md, section 4, steps 6 and 7
*/
select
    h.subject,                                         -- Number of the subject
    h.episode,                                         -- Number of the episode, 1 for the first
    g.scale,                                           -- Grading scale
    g.grade_max as grade,                              -- Highest grade compatible with the records at a moment, 0-4
    min(h.start_s) as start_s                          -- First such moment, seconds since 1970-01-01
from graded.had_states as h
join staged.subjects as s on s.subject = h.subject
join study.scales as k on k.studyid = s.studyid
join graded.state_grades as g on g.state = h.state and g.scale = k.scale
group by h.subject, h.episode, g.scale, g.grade_max
