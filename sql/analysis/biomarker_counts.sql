/*
grain: one row per therapy, biomarker, moment, highest grade and value
key: [therapy, marker, moment, grade, value, censored]
description: >
  How many subjects had which value of a biomarker at which moment, by therapy and highest grade; and, at the moment left out, how many
  results have no value in the unit of the biomarker.
*/
select
    a.therapy,                               -- Therapy as reports name it
    v.marker,                                -- Biomarker; interleukin 6 apart before and after tocilizumab
    v.moment,                                -- baseline, day 0 to day 28, peak, before onset or left out
    r.grade,                                 -- Highest grade, 0 for no CRS; empty when CRS has no grade, and for results left out
    v.value,                                 -- Value, in the unit of reference.biomarkers; empty for results left out
    v.censored,                              -- < or > when it lies beyond the limit of the assay
    count(*) as n                            -- Number of subjects; of results, for those left out
from analysis.biomarker_values as v
join analysis.adsl as a on a.studyid = v.studyid and a.usubjid = v.usubjid
join analysis.subject_results as r on r.studyid = v.studyid and r.usubjid = v.usubjid and r.part = 'all'
group by a.therapy, v.marker, v.moment, r.grade, v.value, v.censored
union all
select
    a.therapy,
    case when b.testcd <> 'IL6' then b.testcd when b.post_tocilizumab then 'IL6 after tocilizumab' else 'IL6 before tocilizumab' end,
    'left out', null, null, null, count(*)
from analysis.biomarkers as b
join analysis.adsl as a on a.studyid = b.studyid and a.usubjid = b.usubjid
where b.value is null or b.taken_dtm is null
group by a.therapy, b.testcd, b.post_tocilizumab
