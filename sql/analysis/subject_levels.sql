/*
grain: one row per observation and stratum variable
key: [studyid, usubjid, variable, level]
description: >
  The level of each treated subject in each stratum, and the observation it is counted on. By dose number a subject is in
  every level it received, each on its own observation.
*/
with doses as (
    select o.studyid, o.usubjid, o.part as level, o.part
    from analysis.observations as o
    where o.part <> 'all'
    union all
    select a.studyid, a.usubjid, a.dose_level, 'all'
    from analysis.adsl as a
    join study.parameters as p on p.studyid = a.studyid
    where a.saffl = 'Y' and p.dose_by <> 'dose_number'
)

select
    a.studyid,                       -- Study identifier
    a.usubjid,                       -- Unique subject identifier
    'therapy' as variable,           -- Stratum variable: therapy, dose, tumour_burden or study
    a.therapy as level,              -- Level as reports name it
    'all' as part                    -- Observation on which the subject is counted: all, or the dose level
from analysis.adsl as a
where a.saffl = 'Y'
union all
select a.studyid, a.usubjid, 'tumour_burden', a.tumour_burden_level, 'all'
from analysis.adsl as a
where a.saffl = 'Y'
union all
select a.studyid, a.usubjid, 'study', a.studyid, 'all'
from analysis.adsl as a
where a.saffl = 'Y'
union all
select d.studyid, d.usubjid, 'dose', d.level, d.part
from doses as d
