/*
grain: one row per state and rule that holds, or may hold, in it
key: [state, rule_id]
description: The rules that each state meets, of the scales that are asked for.
source: docs/grading.md, section 5
*/
select
    s.state,                                           -- Everything that counts, as one number
    r.scale,                                           -- Grading scale
    r.rule_id,                                         -- Rule
    r.feature,                                         -- Feature or sign it is about
    r.at_least,                                        -- Value from which it holds
    r.grade,                                           -- Grade it means; empty where the scale has no rule for what is there
    s.value_min >= r.at_least and (r.also is null or coalesce(a.value_min >= r.also_at_least, false)) as is_certain -- Whether it holds for certain
from graded.state_signs as s
join reference.crs_rules as r on r.feature = s.feature and s.value_max >= r.at_least
join (select distinct k.scale from study.scales as k) as k on k.scale = r.scale
left join graded.state_signs as a on a.state = s.state and a.feature = r.also and a.value_max >= r.also_at_least
where r.also is null or a.state is not null
