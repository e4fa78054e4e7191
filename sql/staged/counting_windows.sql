/*
grain: one row per subject in DM
key: [subject]
description: >
  From when to when records of ICANS and IEC-HS count - from the first dose to the end of follow-up, which is death or the data cut, since
  each such record is itself a contact.
source: docs/grading.md, section 6
*/
select
    s.subject,                                                       -- Number of the subject
    s.anchor_s as first_s,                                           -- First study dose, seconds since 1970-01-01; empty when untreated
    least(
        s.cut_s,
        -- The end of a day is the first moment of the next one, which no longer counts.
        coalesce(s.death_end_s - case when s.death_precision in ('D', 'h') then 1 else 0 end, s.cut_s)
    ) as last_s                                                      -- Last moment of follow-up, seconds since 1970-01-01
from staged.subjects as s
