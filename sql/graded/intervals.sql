/*
grain: one row per interval of which episodes are made
key: [subject, source, feature, start_s, _file, _row]
description: >
  The intervals from which episodes are built, of each source of truth - the investigator's records, and the signs after the
  first dose. Fever begins an episode only in the onset window of a dose, and any of the investigator's records does.
source: docs/grading.md, sections 1, 2 and 4
*/
select
    t.subject,                                    -- Number of the subject
    'derived' as source,                          -- Source of truth, reported or derived
    t.feature,                                    -- Feature; reported for the investigator's records
    t.can_begin,                                  -- Whether an episode may begin with it
    t.start_s,                                    -- Start, seconds since 1970-01-01
    t.start_precision,                            -- Precision of the start: Y, M, D, h, m or s
    t.end_s,                                      -- End, seconds since 1970-01-01
    cast(null as varchar) as _file,               -- File the row came from; empty for derived signs
    cast(null as bigint) as _row                  -- Row in that file; empty for derived signs
from graded.stretches as t
where t.is_sign
union all
select
    s.subject,
    'reported',
    'reported',
    w.subject is not null,
    r.start_s,
    r.start_precision,
    r.end_s,
    r._file,
    r._row
from graded.reported_intervals as r
join staged.subjects as s on s.studyid = r.studyid and s.usubjid = r.usubjid
left join staged.onset_windows as w on w.subject = s.subject and r.start_s >= w.start_s and r.start_s < w.end_s
where r.start_s >= s.anchor_s
