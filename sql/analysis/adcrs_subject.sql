/*
grain: one row per treated subject, source and scale
key: [studyid, usubjid, source, scale]
description: >
  The highest CRS grade of each treated subject, 0 for none, by source and scale. Derived grades are there for studies that record
  temperatures.
*/
with sources as (
    select r.studyid, 'reported' as source, r.scale from staged.reported_scale as r
    union
    select k.studyid, 'derived', k.scale
    from study.scales as k
    join staged.subjects as s on s.studyid = k.studyid
    join staged.monitoring as m on m.subject = s.subject
),

worst as (
    select
        c.studyid, c.usubjid, c.source, c.scale,
        count(*) as episodes,
        -- An episode for which the scale has no rule may be the worst; a record without a grade is beside others of its event.
        case
            when c.source = 'derived' and count(c.grade) < count(*) and coalesce(max(c.grade), 0) < 4 then null
            else max(c.grade)
        end as grade,
        max(c.grade_min) as grade_min,
        max(c.grade_max) as grade_max
    from analysis.adcrs as c
    group by c.studyid, c.usubjid, c.source, c.scale
)

select
    s.studyid,                                                        -- Study identifier
    s.usubjid,                                                        -- Unique subject identifier
    k.source,                                                         -- Source of truth, reported or derived
    k.scale,                                                          -- Grading scale
    case when w.episodes is null then 0 else w.grade end as grade,    -- Highest grade, 0 for no CRS; empty when CRS has no grade
    coalesce(w.grade_min, 0) as grade_min,                            -- Lowest grade compatible with the records
    coalesce(w.grade_max, 0) as grade_max,                            -- Highest grade compatible with the records
    coalesce(w.episodes, 0) as episodes,                              -- Number of episodes
    f.onset_days,                                                     -- Elapsed days from the first dose to the first onset
    f.grade as first_grade,                                           -- Grade of the first episode
    k.source = 'reported' or m.subject is not null as is_assessable,  -- Whether CRS could be seen; derived grades need a temperature after the first dose
    f.dose_number                                                     -- Dose to which the first episode belongs
from staged.subjects as s
join sources as k on k.studyid = s.studyid
left join worst as w on w.studyid = s.studyid and w.usubjid = s.usubjid and w.source = k.source and w.scale = k.scale
left join analysis.adcrs as f
    on f.studyid = s.studyid and f.usubjid = s.usubjid and f.source = k.source and f.scale = k.scale and f.episode = 1
left join staged.monitoring as m on m.subject = s.subject
where s.saffl = 'Y'
