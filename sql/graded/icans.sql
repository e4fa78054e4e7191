/*
grain: one row per assessment or investigator's record of ICANS
key: [source, _file, _row]
description: >
  ICANS from both sources of truth in one form - derived from the items of each assessment, and as reported. A derived grade is 0-4, for
  only the investigator says what a death was due to.
source: docs/grading.md, section 6
*/
select
    'derived' as source,                         -- Source of truth, reported or derived
    a.subject,                                   -- Number of the subject
    a.taken_s as start_s,                        -- Moment of the assessment, or start of the record, seconds since 1970-01-01
    a.taken_precision as start_precision,        -- Precision of that: Y, M, D, h, m or s
    cast(null as bigint) as end_s,               -- End of the record, seconds since 1970-01-01
    a.grade,                                     -- Grade, 0-5; empty when there is none
    a.why_no_grade,                              -- Why it has no grade
    a.grade is not null as is_counted,           -- Whether it says if there was ICANS
    coalesce(a.grade > 0, false) as is_icans,    -- Whether there was
    a.taken_s as reached_s,                      -- When the grade was reached, seconds since 1970-01-01
    a.taken_precision as reached_precision,      -- Precision of that: Y, M, D, h, m or s
    a.item,                                      -- Item that sets the grade
    a.written,                                   -- Its result as received
    a.rule_id,                                   -- Rule that holds (reference.icans_rules)
    a.age_group,                                 -- Age group by which it is graded: adult or child
    a.age_is_known,                              -- Whether the age is known; without it the subject is graded as an adult
    a.items_without_grade,                       -- Items of the moment that have no grade
    a.domain,                                    -- Domain of the record that sets it
    a.seq,                                       -- --SEQ of that record
    a._file,                                     -- File the row came from
    a._row                                       -- Row in that file
from graded.icans_assessments as a
union all
select
    'reported', r.subject, r.start_s, r.start_precision, r.end_s, r.grade, r.why_no_grade, r.is_counted,
    -- An event whose grade cannot be read is ICANS all the same.
    r.is_counted and coalesce(r.grade, 1) > 0,
    -- Grade 5 is reached at death.
    case when r.grade = 5 then coalesce(s.death_s, s.followed_until_s) else r.start_s end,
    case when r.grade = 5 then coalesce(s.death_precision, 'D') else r.start_precision end,
    case r.domain when 'AE' then 'AETOXGR' when 'FA' then 'TOXGR' else 'PRCDTH' end,
    r.written, null, null, null, null, r.domain, r.seq, r._file, r._row
from graded.reported_syndromes as r
join staged.subjects as s on s.subject = r.subject
where r.concept = 'icans'
