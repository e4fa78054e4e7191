/*
grain: one row per episode of CRS
key: [subject, source, episode]
description: >
  The onset of each island that is CRS, the dose it belongs to - the last one at or before onset - and from when fever is no longer
  needed: the first treatment that waives it and was started from onset to the end of the island.
source: docs/grading.md, section 4, steps 3, 4 and 9
*/
with waived as (
    select w.subject, w.island, min(w.waives_from_s) as waived_s
    from graded.waiving_drugs as w
    group by w.subject, w.island
),

precise as (
    select t.subject, 'derived' as source, t.start_s, min(t.start_precision) as start_precision
    from graded.stretches as t
    where t.can_begin
    group by t.subject, t.start_s
    union all
    select s.subject, 'reported', r.start_s, min(r.start_precision)
    from graded.reported_intervals as r
    join staged.subjects as s on s.studyid = r.studyid and s.usubjid = r.usubjid
    group by s.subject, r.start_s
)

select
    i.subject,                                   -- Number of the subject
    i.source,                                    -- Source of truth, reported or derived
    cast(row_number() over (partition by i.subject, i.source order by i.onset_s nulls last) as integer) as episode, -- Number of the episode, 1 for the first
    i.onset_s,                                   -- Onset, seconds since 1970-01-01
    p.start_precision as onset_precision,        -- Precision of the onset: Y, M, D, h, m or s
    i.end_s,                                     -- Last end of its signs, whether they count or not, seconds since 1970-01-01
    g.dose_s,                                    -- Start of the last dose at or before onset, seconds since 1970-01-01
    g.dose_number,                               -- Number of that dose
    w.waived_s                                   -- From when fever is no longer needed, seconds since 1970-01-01; empty when it always is
from graded.islands as i
join graded.onset_doses as g on g.subject = i.subject and g.source = i.source and g.island = i.island
left join waived as w on i.source = 'derived' and w.subject = i.subject and w.island = i.island
left join precise as p on p.subject = i.subject and p.source = i.source and p.start_s = i.onset_s
