/*
grain: one row per record of a vasopressor or inotrope
key: [_file, _row]
description: >
  Vasopressors with their rates, and whether the rate is high dose - for certain, or at most. Without a rate, or without the
  weight that a rate by weight needs, it is not certain. What was running before the first dose is baseline.
source: docs/grading.md, sections 2 and 5
*/
with rated as (
    select
        d.*,
        case when u.to_unit = 'UG/MIN' then d.dose * u.from_factor / u.to_factor end as ug_min,
        case when u.to_unit = 'UG/KG/MIN' then d.dose * u.from_factor / u.to_factor end as ug_kg_min,
        w.weight_kg,
        s.anchor_s
    from staged.crs_drugs as d
    join staged.subjects as s on s.subject = d.subject
    left join staged.unit_conversions as u on u.from_unit = d.dose_unit and u.to_unit in ('UG/MIN', 'UG/KG/MIN')
    left join staged.weights as w on w.subject = d.subject
    where d.drug_class in ('vasopressor', 'vasopressin', 'inotrope')
),

both_units as (
    select
        r.*,
        -- Rounded, so that no conversion falls short of a threshold by its last bit.
        floor(coalesce(r.ug_min, r.ug_kg_min * r.weight_kg) * 1000000 + 0.5) / 1000000 as rate_ug_min,
        floor(coalesce(r.ug_kg_min, r.ug_min / r.weight_kg) * 1000000 + 0.5) / 1000000 as rate_ug_kg_min
    from rated as r
),

compared as (
    select
        b.*,
        case when l.unit = 'ug/min' then b.rate_ug_min else b.rate_ug_kg_min end >= l.at_least as is_lee,
        case when n.unit = 'ug/min' then b.rate_ug_min else b.rate_ug_kg_min end >= n.at_least as is_penn,
        -- An agent for which no high dose is defined has none.
        l.at_least is not null as has_lee,
        n.at_least is not null as has_penn,
        case
            -- An agent that the equivalent does not know adds nothing to it.
            when q.agent is null then 0
            when q.unit = 'ug/min' then b.rate_ug_kg_min / q.divisor
            -- Half of dopamine by weight is norepinephrine in ug/min, not by weight.
            else b.rate_ug_kg_min / q.divisor / b.weight_kg
        end as equivalent_ug_kg_min
    from both_units as b
    left join reference.high_dose_vasopressors as l on l.criteria = 'lee' and l.agent = b.agent
    left join reference.high_dose_vasopressors as n on n.criteria = 'penn' and n.agent = b.agent
    left join reference.norepinephrine_equivalents as q on q.agent = b.agent
)

select
    c.subject,                                                       -- Number of the subject
    c.agent,                                                         -- The drug
    c.drug_class = 'vasopressin' as is_vasopressin,                  -- Whether it is of the vasopressin class
    c.name,                                                          -- Name as coded, upper case
    c.dose,                                                          -- Rate as received, in dose_unit
    c.dose_unit,                                                     -- Unit of the rate as received, upper case
    coalesce(c.is_lee, false) as is_high_min, -- Whether the rate is high by Lee 2014 for certain
    c.has_lee and coalesce(c.is_lee, true) as is_high_max,  -- Whether the rate may be high by Lee 2014
    coalesce(c.is_penn, false) as is_high_by_weight_min, -- Whether the rate is high by Porter 2018 for certain
    c.has_penn and coalesce(c.is_penn, true) as is_high_by_weight_max,  -- Whether the rate may be high by Porter 2018
    c.equivalent_ug_kg_min,                                          -- Norepinephrine equivalent, ug/kg/min; empty when not known
    c.start_s,                                                       -- Start, seconds since 1970-01-01
    c.start_precision,                                               -- Precision of the start: Y, M, D, h, m or s
    c.end_s,                                                         -- End, seconds since 1970-01-01
    c.end_precision,                                                 -- Precision of the end: Y, M, D, h, m or s
    c.end_imputed,                                                   -- Whether the end is not recorded
    c.is_ongoing,                                                    -- Whether it goes on beyond the end of follow-up
    case
        when c.why_not is not null then c.why_not
        when c.drug_class = 'inotrope' then 'an inotrope is no vasopressor'
        when not c.is_intravenous then 'not given into a vein'
        when c.dose = 0 then 'nothing was given'
        when c.running_since_s < c.anchor_s then 'running before the first dose'
    end as why_not,                                                  -- Why it says nothing of CRS; empty when it does
    c.cmseq,                                                         -- Sequence number
    c._file,                                                         -- File the row came from
    c._row                                                           -- Row in that file
from compared as c
