/*
grain: one row per episode of CRS
key: [studyid, usubjid, source, island]
description: >
  The onset of each island that is CRS: its first sign with which an episode may begin, in the onset window of a dose.
  The episode belongs to the last dose at or before onset. An island without an onset is not CRS.
source: docs/grading.md, section 4, steps 3 and 9
*/
with beginnings as (
    select
        l.studyid,
        l.usubjid,
        l.source,
        l.island,
        i.start_s,
        i.start_precision,
        l.last_dose_s,
        l.last_dose_number
    from graded.islands as l
    join graded.intervals as i
        on i.studyid = l.studyid and i.usubjid = l.usubjid and i.source = l.source and i.sign = l.sign
        and i._file = l._file and i._row = l._row and i.start_s = l.start_s
    join study.parameters as p on p.studyid = l.studyid
    where i.can_begin and l.start_s - l.last_dose_s < p.onset_window_s
    qualify row_number() over (
        partition by l.studyid, l.usubjid, l.source, l.island
        order by i.start_s nulls last, i._file nulls last, i._row nulls last, i.sign nulls last
    ) = 1
)

select
    b.studyid,                                   -- Study identifier
    b.usubjid,                                   -- Unique subject identifier
    b.source,                                    -- Source of truth, reported or derived
    b.island,                                    -- Number of the island within subject and source
    row_number() over (
        partition by b.studyid, b.usubjid, b.source order by b.start_s nulls last, b.island nulls last
    ) as episode,                                -- Number of the episode, 1 for the first
    b.start_s as onset_s,                        -- Onset, seconds since 1970-01-01
    b.start_precision as onset_precision,        -- Precision of the onset: Y, M, D, h, m or s
    b.last_dose_s as dose_s,                     -- Start of the last dose at or before onset, seconds since 1970-01-01
    b.last_dose_number as dose_number            -- Number of that dose
from beginnings as b
