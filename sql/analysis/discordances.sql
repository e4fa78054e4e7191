/*
grain: one row per treated subject and scale on which reported and derived CRS differ
key: [studyid, usubjid, scale]
description: >
  Subjects whose reported CRS and whose CRS derived from the signs do not say the same. Each is a finding to look into, not an error. The
  raw rows that set each grade are in grade_evidence, those that did not count in signs.
source: docs/grading.md, section 12
rules:
  - expect: column_values_to_not_be_null
    column: finding
*/
with judged as (
    select a.studyid, a.usubjid, a.scale, max(a.grade) as grade
    from study.adjudications as a
    group by all
)

select
    p.studyid,                                             -- Study identifier
    p.usubjid,                                             -- Unique subject identifier
    p.second_scale as scale,                               -- Scale of the derived grade; grade_evidence of source derived and this scale has the rows that set it
    p.first_scale as reported_scale,                       -- Scale of the reported grade; grade_evidence of source reported and this scale has the rows that set it
    k.kind,                                                -- Kind of discordance
    k.finding,                                             -- What was found, in words
    p.first_grade as reported_grade,                       -- Highest reported grade, 0 for no CRS; empty when CRS has no grade
    p.second_grade as derived_grade,                       -- Highest derived grade, 0 for no CRS; empty when CRS has no grade, or could not be seen
    j.grade as adjudicated_grade,                          -- Highest grade that people adjudicated on the scale, 0 for no CRS; empty when none
    p.first_grade - p.second_grade as difference,          -- Reported minus derived grade; empty when either is
    p.first_min as reported_min,                           -- Lowest reported grade compatible with the records
    p.first_max as reported_max,                           -- Highest reported grade compatible with the records
    p.second_min as derived_min,                           -- Lowest derived grade compatible with the records; empty when not assessable
    p.second_max as derived_max,                           -- Highest derived grade compatible with the records; empty when not assessable
    p.is_explained_by_uncertainty,                         -- Whether one grade is compatible with the records of both; empty when not assessable
    r.onset_days as reported_onset_days,                   -- Elapsed days from the first dose to the first reported onset; empty without CRS
    d.onset_days as derived_onset_days                     -- Elapsed days from the first dose to the first derived onset; empty without CRS
from analysis.grade_pairs as p
join analysis.adcrs_subject as r
    on r.studyid = p.studyid and r.usubjid = p.usubjid and r.source = p.first_source and r.scale = p.first_scale
join analysis.adcrs_subject as d
    on d.studyid = p.studyid and d.usubjid = p.usubjid and d.source = p.second_source and d.scale = p.second_scale
left join judged as j on j.studyid = p.studyid and j.usubjid = p.usubjid and j.scale = p.second_scale
left join reference.discordance_kinds as k
    on k.reported = p.first_answer and k.derived = p.second_answer
    and (k.higher is null or k.higher = case when p.first_grade > p.second_grade then 'reported' else 'derived' end)
where p.first_source = 'reported' and p.is_discordant
