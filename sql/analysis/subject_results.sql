/*
grain: one row per observation of a treated subject
key: [studyid, usubjid, part]
description: >
  What each subject came to in each observation: the highest grade, 0 for no CRS, and the first and the worst episode.
*/
with worst as (
    select
        e.studyid,
        e.usubjid,
        e.part,
        count(*) as episodes,
        max(e.grade) as grade,
        max(e.grade_min) as grade_min,
        max(e.grade_max) as grade_max
    from analysis.observed_episodes as e
    group by all
)

select
    o.studyid,                                                              -- Study identifier
    o.usubjid,                                                              -- Unique subject identifier
    o.part,                                                                 -- all, or the dose level
    coalesce(w.episodes, 0) as episodes,                                    -- Number of episodes
    case when w.episodes is null then 0 else w.grade end as grade,          -- Highest grade, 0 for no CRS; empty when CRS has no grade
    coalesce(w.grade_min, 0) as grade_min,                                  -- Lowest grade compatible with the records
    coalesce(w.grade_max, 0) as grade_max,                                  -- Highest grade compatible with the records
    f.episode as first_episode,                                             -- Number of the first episode
    f.grade as first_grade,                                                 -- Grade of the first episode
    h.outcome,                                                              -- Outcome of the episode with the highest grade, the earliest of equals
    f.dose_number                                                           -- Dose to which the first episode belongs
from analysis.observations as o
left join worst as w on w.studyid = o.studyid and w.usubjid = o.usubjid and w.part = o.part
left join analysis.observed_episodes as f
    on f.studyid = o.studyid and f.usubjid = o.usubjid and f.part = o.part and f.place = 1
left join analysis.observed_episodes as h
    on h.studyid = o.studyid and h.usubjid = o.usubjid and h.part = o.part and h.severity_place = 1
