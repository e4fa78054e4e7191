/*
grain: one row per state and scale
key: [state, scale]
description: The grade of each state on each scale, the highest of the rules that hold.
source: docs/grading.md, section 5
*/
select
    s.state,                                           -- Everything that counts, as one number
    s.scale,                                           -- Grading scale
    coalesce(max(case when s.is_certain then s.grade end), 0) as grade_min, -- Lowest grade compatible with the records, 0-4
    coalesce(max(s.grade), 0) as grade_max,            -- Highest grade compatible with the records, 0-4
    -- Nothing is above 4, so that a gap in the scale does not matter there.
    max(case when s.grade is null then 1 else 0 end) = 1
    and coalesce(max(case when s.is_certain then s.grade end), 0) < 4 as is_without_rule -- Whether the scale has no rule for something that is there
from graded.state_rules as s
group by s.state, s.scale
