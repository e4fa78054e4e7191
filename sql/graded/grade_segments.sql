/*
grain: one row per stretch of an episode with one grade
key: [studyid, usubjid, source, scale, episode, start_s]
description: >
  The grade over time: stretches that tile each episode from onset to its end, 0 where no sign is there for a while. Grade 5
  has no duration, so that a fatal episode shows the grades before death. Derived stretches are those of the signs, so that
  neighbours may have one grade.
source: docs/grading.md, section 4, step 6
*/
with levels as (
    select
        s.state,
        max(case when s.feature = 'fever' then s.value_max end) as fever,
        max(case when s.feature = 'hypotension' then s.value_max end) as hypotension,
        max(case when s.feature = 'hypoxia' then s.value_max end) as hypoxia
    from graded.state_signs as s
    group by s.state
),

found as (
    select
        d.subject, 'derived' as source, k.scale, d.episode, d.start_s, d.end_s,
        case when not coalesce(g.is_without_rule, false) then coalesce(g.grade_max, 0) end as grade,
        coalesce(v.fever, 0) as fever,
        coalesce(v.hypotension, 0) as hypotension,
        coalesce(v.hypoxia, 0) as hypoxia
    from graded.derived_segments as d
    join staged.subjects as s on s.subject = d.subject
    join study.scales as k on k.studyid = s.studyid
    left join graded.state_grades as g on g.state = d.state and g.scale = k.scale
    left join levels as v on v.state = d.state
    union all
    select r.subject, 'reported', t.scale, r.episode, r.start_s, r.end_s, r.grade, null, null, null
    from graded.reported_segments as r
    join staged.subjects as s on s.subject = r.subject
    join staged.reported_scale as t on t.studyid = s.studyid
)

select
    s.studyid,                                       -- Study identifier
    s.usubjid,                                       -- Unique subject identifier
    f.source,                                        -- Source of truth, reported or derived
    f.scale,                                         -- Grading scale
    f.episode,                                       -- Number of the episode, 1 for the first
    f.start_s,                                       -- Start, seconds since 1970-01-01
    f.end_s,                                         -- End, seconds since 1970-01-01
    f.grade,                                         -- Grade, 0-4; empty where the records give none, or the scale has no rule
    f.fever,                                         -- Level of fever, 0-1; empty for reported grades
    f.hypotension,                                   -- Level of hypotension, 0-4; empty for reported grades
    f.hypoxia                                        -- Level of hypoxia, 0-4; empty for reported grades
from found as f
join staged.subjects as s on s.subject = f.subject
