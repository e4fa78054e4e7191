/*
grain: one row per subject with a body weight
key: [subject]
description: Body weight, the last before the first dose, else the first after it.
source: SDTMIG 3.4, VS
*/
with weighed as (
    select
        s.subject,
        vs._vsdtc_first as weighed_s,
        coalesce(vs._vsdtc_first < s.anchor_s, false) as is_before,
        coalesce(vs.vsstresn, try_cast(vs.vsstresc as double), try_cast(vs.vsorres as double)) * u.from_factor / u.to_factor as weight_kg
    from raw.vs as vs
    join staged.subjects as s on s.studyid = vs.studyid and s.usubjid = vs.usubjid
    left join staged.unit_conversions as u
        on u.from_unit = upper(trim(case when coalesce(vs.vsstresn, try_cast(vs.vsstresc as double)) is not null then coalesce(vs.vsstresu, vs.vsorresu) else vs.vsorresu end))
        and u.to_unit = 'KG'
    where upper(trim(vs.vstestcd)) = 'WEIGHT'
)

select
    w.subject,                                         -- Number of the subject
    w.weight_kg                                        -- Body weight, kg
from weighed as w
where w.weight_kg > 0
qualify row_number() over (
    partition by w.subject
    order by
        case when w.is_before then 0 else 1 end nulls last,
        case when w.is_before then -w.weighed_s else w.weighed_s end nulls last,
        w.weight_kg nulls last
) = 1
