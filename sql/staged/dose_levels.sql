/*
grain: one row per subject and study dose
key: [studyid, usubjid, dose_number]
description: >
  The level of each dose, by its amount or, for step-up dosing, by its number, as study.yaml says. A dose that falls in
  no level, or whose unit cannot be converted, is Missing.
*/
with measured as (
    select
        d.studyid,
        d.usubjid,
        d.dose_number,
        d.amount,
        case when p.dose_by = 'dose_number' then d.dose_number * 1.0 else d.amount end as measure
    from staged.doses as d
    join study.parameters as p on p.studyid = d.studyid
)

select
    m.studyid,                                           -- Study identifier
    m.usubjid,                                           -- Unique subject identifier
    m.dose_number,                                       -- Number of the dose, 1 for the first
    m.amount,                                            -- Dose given, in the unit of the dose levels
    coalesce(l.dose_level, 'Missing') as dose_level      -- Dose level as reports name it
from measured as m
left join study.dose_levels as l on l.studyid = m.studyid and m.measure >= l.at_least and m.measure < l.below
