/*
grain: one row per stratum
key: [stratum]
description: >
  The strata of every analysis - all subjects, each level of each variable, and therapy, dose and tumour burden crossed.
  Strata without subjects are here too.
*/
with single as (
    select
        l.variable || ': ' || l.level as stratum,
        l.variable as group1,
        l.level as group1_level,
        case l.variable when 'study' then 1 when 'therapy' then 2 when 'dose' then 3 else 4 end * 1000 + l.position as position
    from analysis.stratum_levels as l
),

crossed as (
    select
        t.level || ' / ' || d.level || ' / ' || b.level as stratum,
        t.level as therapy,
        d.level as dose,
        b.level as tumour_burden,
        1000000 + t.position * 10000 + d.position * 100 + b.position as position
    from analysis.stratum_levels as t
    cross join analysis.stratum_levels as d
    cross join analysis.stratum_levels as b
    where t.variable = 'therapy' and d.variable = 'dose' and b.variable = 'tumour_burden'
)

select
    'overall' as stratum,                         -- Name of the stratum
    cast(null as varchar) as group1,              -- First stratum variable
    cast(null as varchar) as group1_level,        -- Its level
    cast(null as varchar) as group2,              -- Second stratum variable
    cast(null as varchar) as group2_level,        -- Its level
    cast(null as varchar) as group3,              -- Third stratum variable
    cast(null as varchar) as group3_level,        -- Its level
    0 as position                                 -- Order in reports
union all
select s.stratum, s.group1, s.group1_level, null, null, null, null, s.position
from single as s
union all
select c.stratum, 'therapy', c.therapy, 'dose', c.dose, 'tumour_burden', c.tumour_burden, c.position
from crossed as c
