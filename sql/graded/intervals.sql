/*
grain: one row per sign of CRS and the record it comes from
key: [studyid, usubjid, source, sign, _file, _row, start_s]
description: >
  The intervals from which episodes are built: of each source of truth, when a sign was there and at what level. An
  investigator's record is the sign "reported", with its grade as the level.
source: docs/grading.md, sections 1 and 2
*/
select
    r.studyid,                                    -- Study identifier
    r.usubjid,                                    -- Unique subject identifier
    'reported' as source,                         -- Source of truth, reported or derived
    'reported' as sign,                           -- Sign: fever, hypotension, hypoxia or reported
    least(coalesce(r.grade, 1), 4) as level_min,  -- Lowest level compatible with the record, 1-4
    least(coalesce(r.grade, 4), 4) as level_max,  -- Highest level compatible with the record, 1-4
    r.grade is not null as is_graded,             -- Whether the record gives the level
    true as can_begin,                            -- Whether an episode may begin with this sign
    r.start_s,                                    -- Start, seconds since 1970-01-01
    r.start_precision,                            -- Precision of the start: Y, M, D, h, m or s
    r.end_s,                                      -- End, seconds since 1970-01-01
    coalesce(r.end_precision, 'D') as end_precision, -- Precision of the end: Y, M, D, h, m or s
    r.is_ongoing,                                 -- Whether the sign is not known to have ended
    r.is_censored,                                -- Whether the end of the sign is not known
    r.outcome,                                    -- Outcome as reports name it
    r.domain,                                     -- Domain of the record
    r.seq,                                        -- --SEQ of the record
    r._file,                                      -- File the row came from
    r._row                                        -- Row in that file
from graded.reported_intervals as r
