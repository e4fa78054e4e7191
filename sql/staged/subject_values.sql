/*
grain: one row per subject and variable that may tell the therapy, at its first dose
key: [studyid, usubjid, variable]
description: The values by which study.yaml may tell a subject's therapy, from EX, DM and SUPPDM.
*/
with told as (
    select studyid, usubjid, 'EX.EXTRT' as variable, first_treatment as value from staged.treatment
    union all
    select studyid, usubjid, 'DM.ARM', upper(trim(arm)) from raw.dm
    union all
    select studyid, usubjid, 'DM.ARMCD', upper(trim(armcd)) from raw.dm
    union all
    select studyid, usubjid, 'DM.ACTARM', upper(trim(actarm)) from raw.dm
    union all
    select studyid, usubjid, 'DM.ACTARMCD', upper(trim(actarmcd)) from raw.dm
    union all
    select studyid, usubjid, 'SUPPDM.' || upper(trim(qnam)), upper(trim(qval)) from raw.supp where rdomain = 'DM'
)

select
    t.studyid,               -- Study identifier
    t.usubjid,               -- Unique subject identifier
    t.variable,              -- Variable, such as EX.EXTRT or SUPPDM.PRODUCT
    min(t.value) as value    -- Value, upper case
from told as t
where t.value is not null
group by all
