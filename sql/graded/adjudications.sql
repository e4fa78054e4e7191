/*
grain: one row per line of adjudication.csv
key: [studyid, usubjid, source, scale, episode]
description: >
  The episodes whose grade people adjudicated, by number and by time. An episode may be graded on a scale on which the records give it
  no grade.
rules:
  - expect: column_values_to_not_be_null
    column: onset_s
    message: adjudication.csv names an episode that is not there; name it by its number in adcrs
*/
with found as (
    select e.studyid, e.usubjid, e.source, e.episode, min(e.onset_s) as onset_s, max(e.end_s) as end_s
    from graded.episodes as e
    group by all
)

select
    a.studyid,                           -- Study identifier
    a.usubjid,                           -- Unique subject identifier
    a.source,                            -- Source of truth whose episode is meant, reported or derived
    a.scale,                             -- Grading scale
    a.episode,                           -- Number of the episode, 1 for the first
    a.grade,                             -- Grade adjudicated, 1-5; 0 for no CRS
    a.line,                              -- Line of adjudication.csv
    f.onset_s,                           -- Onset, seconds since 1970-01-01
    f.end_s                              -- End, seconds since 1970-01-01
from study.adjudications as a
left join found as f
    on f.studyid = a.studyid and f.usubjid = a.usubjid and f.source = a.source and f.episode = a.episode
