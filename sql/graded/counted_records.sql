/*
grain: one row per investigator's record that counts in an episode
key: [subject, episode, _file, _row]
description: The investigator's records of each reported episode, from its onset on.
source: docs/grading.md, section 4, steps 4 and 5
*/
select
    s.studyid,                                                               -- Study identifier
    s.usubjid,                                                               -- Unique subject identifier
    s.subject,                                                               -- Number of the subject
    o.episode,                                                               -- Number of the episode, 1 for the first
    least(coalesce(r.grade, 1), 4) as grade_min,                             -- Lowest grade compatible with the record, 1-4
    least(coalesce(r.grade, 4), 4) as grade_max,                             -- Highest grade compatible with the record, 1-4
    r.grade is not null as is_graded,                                        -- Whether the record gives the grade
    greatest(r.start_s, o.onset_s) as start_s,                               -- Start, not before onset, seconds since 1970-01-01
    case when r.start_s < o.onset_s then o.onset_precision else r.start_precision end as start_precision, -- Precision of the start: Y, M, D, h, m or s
    r.end_s,                                                                 -- End, seconds since 1970-01-01
    coalesce(r.end_precision, 'D') as end_precision,                         -- Precision of the end: Y, M, D, h, m or s
    r.is_ongoing,                                                            -- Whether CRS is not known to have ended
    r.is_censored,                                                           -- Whether the end is not known
    r.outcome,                                                               -- Outcome as reports name it
    r.domain,                                                                -- Domain of the record
    r.seq,                                                                   -- --SEQ of the record
    r._file,                                                                 -- File the row came from
    r._row                                                                   -- Row in that file
from graded.reported_intervals as r
join staged.subjects as s on s.studyid = r.studyid and s.usubjid = r.usubjid
join graded.onsets as o on o.subject = s.subject and o.source = 'reported'
where
    r.start_s >= s.anchor_s and r.start_s <= o.end_s
    -- What ended before onset does not count; what begins and ends at onset does.
    and (r.end_s > o.onset_s or r.start_s >= o.onset_s)
