/*
grain: one row per assessment or investigator's record of ICANS
key: [studyid, usubjid, source, domain, file, row]
description: >
  ICANS, derived from the items of each assessment (ICE, CAPD, consciousness, seizure, motor weakness, cerebral oedema) and as
  reported, each grade with the record that sets it, or with the reason why there is none.
source: docs/grading.md, section 6; Lee 2019
*/
select
    s.studyid,                                             -- Study identifier
    s.usubjid,                                             -- Unique subject identifier
    i.source,                                              -- Source of truth, reported or derived
    make_timestamp(i.start_s * 1000000) as dtm,            -- Moment of the assessment, or start of the record
    i.start_precision as prec,                             -- Precision of that: Y, M, D, h, m or s
    make_timestamp(i.end_s * 1000000) as end_dtm,          -- End of a reported record; empty for an assessment
    i.grade,                                               -- Grade, 0-5; empty when there is none
    i.item,                                                -- What sets the grade: an item of ICANS, or AETOXGR, TOXGR or PRCDTH (primary cause of death)
    i.written as value,                                    -- Its result as received, or the sum of the parts of ICE
    i.rule_id,                                             -- Rule that holds (reference.icans_rules); empty for reported grades
    i.why_no_grade,                                        -- Why there is no grade
    i.items_without_grade,                                 -- Items of the same moment that have no grade, so that the grade may be higher
    i.age_group,                                           -- Age group by which it is graded: adult (12 years or older) or child
    i.age_is_known,                                        -- Whether the age is known; without it the subject is graded as an adult
    i.domain,                                              -- Domain of the record that sets it; of the parts of ICE the first
    i.seq,                                                 -- --SEQ of that record
    i._file as file,                                       -- File the row came from
    i._row as row                                          -- Row in that file
from graded.icans as i
join staged.subjects as s on s.subject = i.subject
