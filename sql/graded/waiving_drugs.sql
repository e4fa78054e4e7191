/*
grain: one row per island of signs and record of a drug that waives fever in it
key: [subject, island, _file, _row]
description: >
  What may waive fever in each island that is CRS - treatments started from onset to its last sign and, where the protocol says so,
  prophylaxis in the premedication window of the dose, which waives from onset.
source: docs/grading.md, section 3
*/
select
    i.subject,                                         -- Number of the subject
    i.island,                                          -- Number of the island
    i.onset_s,                                         -- Onset, seconds since 1970-01-01
    greatest(d.start_s, i.onset_s) as waives_from_s,   -- From when it waives, seconds since 1970-01-01
    d._file,                                           -- File the row came from
    d._row                                             -- Row in that file
from graded.islands as i
join staged.subjects as s on s.subject = i.subject
join study.parameters as p on p.studyid = s.studyid
join staged.crs_drugs as d on d.subject = i.subject
left join graded.onset_doses as g on g.subject = i.subject and g.source = i.source and g.island = i.island
where
    i.source = 'derived' and i.onset_s is not null and d.waives_fever and not d.continues and d.start_s <= i.end_s
    and (d.start_s >= i.onset_s or (p.premedication_waives_fever and d.start_s >= g.dose_s - p.premedication_window_s))
