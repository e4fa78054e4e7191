/*
grain: one row per subject, scale and derived episode
key: [subject, scale, episode]
description: The grade of each episode from the signs on each scale asked for. Episodes begin and end alike on every scale.
source: docs/grading.md, section 4, step 7
*/
with highest as (
    select
        g.subject,
        g.episode,
        g.scale,
        max(g.grade_min) as grade_min,
        max(g.grade_max) as grade_max,
        -- Nothing is above 4, so that a gap in the scale does not matter there.
        max(g.is_without_rule) = 1 and max(g.grade_min) < 4 as is_without_rule
    from graded.derived_grades as g
    group by g.subject, g.episode, g.scale
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
    g.start_s as max_grade_s                           -- First moment of the highest grade, seconds since 1970-01-01
from highest as h
join graded.derived_grades as g
    on g.subject = h.subject and g.episode = h.episode and g.scale = h.scale and g.grade_max = h.grade_max
left join gaps as n on n.scale = h.scale
