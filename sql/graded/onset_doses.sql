/*
grain: one row per island of signs that is CRS
key: [subject, source, island]
description: The dose to which each onset belongs - the last one at or before it.
source: docs/grading.md, section 4, step 9
*/
select
    i.subject,                                   -- Number of the subject
    i.source,                                    -- Source of truth, reported or derived
    i.island,                                    -- Number of the island within subject and source
    max(d.start_s) as dose_s,                    -- Start of the dose, seconds since 1970-01-01
    max(d.dose_number) as dose_number            -- Number of the dose
from graded.islands as i
join staged.subjects as s on s.subject = i.subject
join staged.doses as d on d.studyid = s.studyid and d.usubjid = s.usubjid and d.start_s <= i.onset_s
where i.onset_s is not null
group by i.subject, i.source, i.island
