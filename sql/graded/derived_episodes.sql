/*
grain: one row per subject, scale and derived episode
key: [subject, scale, episode]
description: The grade of each episode from the signs on each scale asked for. Episodes begin and end alike on every scale.
source: docs/grading.md, section 4, step 7
*/
with highest as (
    select
        h.subject,
        h.episode,
        g.scale,
        max(g.grade_min) as grade_min,
        max(g.grade_max) as grade_max,
        -- The first moment of the highest grade in one pass: a second less is worth less than a grade more.
        max(g.grade_max * 10000000000 - h.start_s) as grade_and_time,
        -- Nothing is above 4, so that a gap in the scale does not matter there.
        max(case when g.is_without_rule then 1 else 0 end) = 1 and max(g.grade_min) < 4 as is_without_rule
    from graded.had_states as h
    join graded.state_grades as g on g.state = h.state
    group by h.subject, h.episode, g.scale
),

gaps as (
    select r.scale, min(r.meaning) as meaning
    from reference.crs_rules as r
    where r.grade is null
    group by r.scale
)

select
    h.subject,                                         -- Number of the subject
    h.scale,                                           -- Grading scale
    h.episode,                                         -- Number of the episode, 1 for the first
    case when not h.is_without_rule then h.grade_max end as grade, -- Grade of the analysis, 1-4; empty where the scale has no rule
    greatest(h.grade_min, 1) as grade_min,             -- Lowest grade compatible with the records
    case when h.is_without_rule then 4 else h.grade_max end as grade_max, -- Highest grade compatible with the records
    case when h.is_without_rule then n.meaning end as why_no_grade, -- Why there is no grade
    h.grade_max * 10000000000 - h.grade_and_time as max_grade_s -- First moment of the highest grade, seconds since 1970-01-01
from highest as h
join staged.subjects as s on s.subject = h.subject
join study.scales as k on k.studyid = s.studyid and k.scale = h.scale
left join gaps as n on n.scale = h.scale
