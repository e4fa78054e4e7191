/*
grain: one row per pair of units between which values can be converted
key: [from_unit, to_unit]
description: >
  How to convert a value - times from_factor, divided by to_factor, in this order, so that it is rounded once. Every unit
  converts to itself.
*/
select
    f.unit as from_unit,           -- Unit of the value, upper case
    t.unit as to_unit,             -- Unit wanted, upper case
    f.factor as from_factor,       -- Multiply by this
    t.factor as to_factor          -- Then divide by this
from reference.units as f
join reference.units as t on t.quantity = f.quantity
-- A unit may measure two quantities, as mg/dL does; a pair of units in both converts alike.
qualify row_number() over (partition by f.unit, t.unit order by f.quantity nulls last) = 1
