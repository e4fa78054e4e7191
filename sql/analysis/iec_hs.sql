/*
grain: one row per reported event of IEC-HS
key: [studyid, usubjid, event]
description: >
  Immune effector cell-associated haemophagocytic lymphohistiocytosis-like syndrome, as reported. Its laboratory results are in iec_hs_labs.
source: docs/grading.md, section 6
*/
select
    s.studyid,                                             -- Study identifier
    s.usubjid,                                             -- Unique subject identifier
    e.event,                                               -- Number of the event, 1 for the first
    e.term,                                                -- Term of the record, upper case
    e.grade,                                               -- Grade, 0-5; empty when there is none
    e.why_no_grade,                                        -- Why there is no grade
    make_timestamp(e.start_s * 1000000) as astdtm,         -- Start
    e.start_precision as astprec,                          -- Precision of the start: Y, M, D, h, m or s
    make_timestamp(e.end_s * 1000000) as aendtm,           -- End; 24:00 for a date without a time
    e.end_precision as aenprec,                            -- Precision of the end: Y, M, D, h, m or s
    case
        when e.start_precision in ('D', 'M', 'Y') or s.anchor_precision in ('D', 'M', 'Y')
            then floor(e.start_s / 86400.0) - floor(s.anchor_s / 86400.0)
        else (e.start_s - s.anchor_s) / 86400.0
    end as onset_days,                                     -- Elapsed days from the first dose to the start, whole where a time is known only by its day
    e.outcome,                                             -- resolved, resolved with sequelae, ongoing, fatal or unknown
    e.domain,                                              -- Domain of the record
    e.seq,                                                 -- --SEQ of the record
    e._file as file,                                       -- File the row came from
    e._row as row                                          -- Row in that file
from graded.iec_hs_events as e
join staged.subjects as s on s.subject = e.subject
