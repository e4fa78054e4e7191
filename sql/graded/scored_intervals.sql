/*
grain: one row per interval that counts towards a grade, and scale
key: [studyid, usubjid, source, scale, episode, sign, _file, _row, start_s]
description: >
  What counts in each episode, from onset on, and the grade it means on each scale. The investigator graded on one scale,
  which study.yaml names; where it does not, SUPPAE may, and it is never assumed.
source: docs/grading.md, section 4, steps 4 and 5
*/
select
    i.studyid,                                                               -- Study identifier
    i.usubjid,                                                               -- Unique subject identifier
    i.source,                                                                -- Source of truth, reported or derived
    t.scale,                                                                 -- Grading scale
    o.episode,                                                               -- Number of the episode, 1 for the first
    i.sign,                                                                  -- Sign: fever, hypotension, hypoxia or reported
    i.level_min as grade_min,                                                -- Lowest grade compatible with the record, 1-4
    i.level_max as grade_max,                                                -- Highest grade compatible with the record, 1-4
    i.is_graded,                                                             -- Whether the record gives the grade
    greatest(i.start_s, o.onset_s) as start_s,                               -- Start, not before onset, seconds since 1970-01-01
    case when i.start_s < o.onset_s then o.onset_precision else i.start_precision end as start_precision, -- Precision of the start: Y, M, D, h, m or s
    i.end_s,                                                                 -- End, seconds since 1970-01-01
    i.end_precision,                                                         -- Precision of the end: Y, M, D, h, m or s
    i.is_ongoing,                                                            -- Whether the sign is not known to have ended
    i.is_censored,                                                           -- Whether the end of the sign is not known
    i.outcome,                                                               -- Outcome as reports name it
    i.domain,                                                                -- Domain of the record
    i.seq,                                                                   -- --SEQ of the record
    i._file,                                                                 -- File the row came from
    i._row                                                                   -- Row in that file
from graded.intervals as i
join graded.islands as l
    on l.studyid = i.studyid and l.usubjid = i.usubjid and l.source = i.source and l.sign = i.sign
    and l._file = i._file and l._row = i._row and l.start_s = i.start_s
join graded.onsets as o on o.studyid = l.studyid and o.usubjid = l.usubjid and o.source = l.source and o.island = l.island
join staged.reported_scale as t on t.studyid = i.studyid
-- What ended before onset does not count; what begins and ends at onset does.
where i.end_s > o.onset_s or i.start_s >= o.onset_s
