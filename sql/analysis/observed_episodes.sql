/*
grain: one row per observation and episode in it
key: [studyid, usubjid, part, episode]
description: >
  The episodes of the primary grades, in each observation they belong to: all of them in "all", and each in the dose level
  of the last dose at or before its onset.
*/
with doses as (
    select d.studyid, d.usubjid, d.dose_number, d.start_precision, l.dose_level
    from staged.doses as d
    join staged.dose_levels as l on l.studyid = d.studyid and l.usubjid = d.usubjid and l.dose_number = d.dose_number
)

select
    o.studyid,                                          -- Study identifier
    o.usubjid,                                          -- Unique subject identifier
    o.part,                                             -- all, or the dose level
    e.episode,                                          -- Number of the episode, 1 for the first
    row_number() over (
        partition by o.studyid, o.usubjid, o.part order by e.episode nulls last
    ) as place,                                         -- Place of the episode in the observation, 1 for the first
    row_number() over (
        partition by o.studyid, o.usubjid, o.part order by e.grade desc nulls last, e.episode nulls last
    ) as severity_place,                                -- Place by grade, 1 for the highest and the earliest of equals
    e.grade,                                            -- Grade, 1-5; empty when no record gives one
    e.grade_min,                                        -- Lowest grade compatible with the records
    e.grade_max,                                        -- Highest grade compatible with the records
    e.onset_s,                                          -- Onset, seconds since 1970-01-01
    e.onset_precision,                                  -- Precision of the onset: Y, M, D, h, m or s
    e.end_s,                                            -- End, seconds since 1970-01-01
    e.end_precision,                                    -- Precision of the end: Y, M, D, h, m or s
    e.is_ongoing,                                       -- Whether CRS had not ended
    e.is_censored,                                      -- Whether the end is not known
    e.outcome,                                          -- resolved, resolved with sequelae, ongoing, fatal or unknown
    e.dose_number,                                      -- Number of the last dose at or before onset
    e.dose_s,                                           -- Start of that dose, seconds since 1970-01-01
    l.start_precision as dose_precision                 -- Precision of that: Y, M, D, h, m or s
from analysis.observations as o
join graded.primary_grades as g on g.studyid = o.studyid
join graded.episodes as e on e.studyid = o.studyid and e.usubjid = o.usubjid and e.source = g.source and e.scale = g.scale
left join doses as l on l.studyid = e.studyid and l.usubjid = e.usubjid and l.dose_number = e.dose_number
where o.part = 'all' or (o.part = l.dose_level and e.onset_s < o.until_s)
