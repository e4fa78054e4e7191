/*
grain: one row per study and name under which a respiratory support is recorded
key: [studyid, name]
description: The names of respiratory support, with what each device is. Names that study.yaml gives go before the known ones.
*/
with devices as (
    select d.device, d.rank, d.level_min, d.level_max, d.fio2_min_percent, d.fio2_max_percent, d.is_ventilator
    from reference.devices as d
    qualify row_number() over (partition by d.device order by d.name nulls last) = 1
),

names as (
    select m.studyid, m.value as name, m.key as device, 1 as preference
    from study.mappings as m
    where m.concept = 'devices'
    union all
    select p.studyid, d.name, d.device, 2
    from reference.devices as d
    cross join study.parameters as p
)

select
    n.studyid,                                         -- Study identifier
    n.name,                                            -- Name, upper case
    n.device,                                          -- Device as reports name it
    d.rank,                                            -- Order of support, 1 for the least
    d.level_min,                                       -- Lowest level of hypoxia it means; of a cannula, by its flow
    d.level_max,                                       -- Highest level of hypoxia it means; of a cannula, by its flow
    d.fio2_min_percent,                                -- Lowest oxygen it gives when none is recorded, %
    d.fio2_max_percent,                                -- Highest oxygen it gives when none is recorded, %
    d.is_ventilator                                    -- Whether it is invasive ventilation or more
from names as n
join devices as d on d.device = n.device
qualify row_number() over (partition by n.studyid, n.name order by n.preference nulls last) = 1
