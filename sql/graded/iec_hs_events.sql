/*
grain: one row per reported event of IEC-HS
key: [subject, event]
description: >
  IEC-HS as the investigator reported it, and until when its laboratory results are looked for - to its end, or to the end of follow-up
  when none is recorded.
source: docs/grading.md, section 6
*/
select
    r.subject,                                                       -- Number of the subject
    row_number() over (
        partition by r.subject order by r.start_s nulls last, r._file nulls last, r._row nulls last
    ) as event,                                                      -- Number of the event, 1 for the first
    r.term,                                                          -- Term of the record, upper case
    r.grade,                                                         -- Grade, 0-5; empty when there is none
    r.why_no_grade,                                                  -- Why it has no grade
    r.start_s,                                                       -- Start, seconds since 1970-01-01
    r.start_precision,                                               -- Precision of the start: Y, M, D, h, m or s
    r.end_s,                                                         -- End, 24:00 for a date without a time, seconds since 1970-01-01
    r.end_precision,                                                 -- Precision of the end: Y, M, D, h, m or s
    least(
        coalesce(r.end_s - case when r.end_precision in ('m', 's') then 0 else 1 end, w.last_s), w.last_s
    ) as last_s, -- Last moment of the event within follow-up, seconds since 1970-01-01
    r.outcome,                                                       -- Outcome as reports name it
    r.domain,                                                        -- Domain of the record
    r.seq,                                                           -- --SEQ of the record
    r._file,                                                         -- File the row came from
    r._row                                                           -- Row in that file
from graded.reported_syndromes as r
join staged.counting_windows as w on w.subject = r.subject
where r.concept = 'iec_hs' and r.domain = 'AE'
