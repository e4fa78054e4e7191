/*
grain: one row per treated subject and preventive measure
key: [studyid, usubjid, measure]
description: >
  Whether each preventive measure was taken. Premedication of a kind is a drug of that class started in the window before the first
  dose, or on its day when only the day is known.
*/
with classes as (
    select 'antipyretic' as drug_class
    union all
    select 'corticosteroid'
    union all
    select 'anticytokine'
),

given as (
    select distinct d.studyid, d.usubjid, m.drug_class
    from staged.doses as d
    join study.parameters as p on p.studyid = d.studyid
    join staged.medications as m on m.studyid = d.studyid and m.usubjid = d.usubjid
    where
        d.dose_number = 1 and m.waives_fever
        and m.start_s <= d.start_s and m.start_last_s >= d.start_s - p.premedication_window_s
),

-- Where a study has no medications at all they were not collected, and nobody is known to have had none.
collected as (
    select distinct m.studyid from staged.medications as m
),

highest as (
    select l.studyid, max(l.position) as position from study.dose_levels as l group by l.studyid
),

amounts as (
    select
        d.studyid,
        d.usubjid,
        max(case when d.dose_number = 1 then l.amount end) as first_amount,
        max(case when d.dose_number = 2 then l.amount end) as second_amount,
        max(case when d.dose_number = 1 then d.amount_as_given end) as first_given,
        max(case when d.dose_number = 2 then d.amount_as_given end) as second_given,
        max(case when d.dose_number = 1 then d.unit_as_given end) as first_unit,
        max(case when d.dose_number = 2 then d.unit_as_given end) as second_unit
    from staged.doses as d
    join staged.dose_levels as l on l.studyid = d.studyid and l.usubjid = d.usubjid and l.dose_number = d.dose_number
    where d.dose_number <= 2
    group by d.studyid, d.usubjid
)

select
    a.studyid,                               -- Study identifier
    a.usubjid,                               -- Unique subject identifier
    'premedication' as measure,              -- Preventive measure
    case when o.studyid is not null then a.premedfl = 'Y' end as is_exposed -- Whether it was taken; empty when that cannot be told
from analysis.adsl as a
left join collected as o on o.studyid = a.studyid
where a.saffl = 'Y'
union all
select
    a.studyid, a.usubjid, 'premedication with ' || c.drug_class,
    case when o.studyid is not null then g.drug_class is not null end
from analysis.adsl as a
cross join classes as c
left join collected as o on o.studyid = a.studyid
left join given as g on g.studyid = a.studyid and g.usubjid = a.usubjid and g.drug_class = c.drug_class
where a.saffl = 'Y'
union all
select a.studyid, a.usubjid, 'lower dose', case when p.dose_by = 'level' then l.position < h.position end
from analysis.adsl as a
join study.parameters as p on p.studyid = a.studyid
left join study.dose_levels as l on l.studyid = a.studyid and l.dose_level = a.dose_level
left join highest as h on h.studyid = a.studyid
where a.saffl = 'Y'
union all
select
    a.studyid, a.usubjid, 'step-up',
    case
        -- In a study with step-up dosing whoever stopped after the first dose, of CRS perhaps, had no full first dose either.
        when a.doses = 1 and p.dose_by = 'level' then false
        when m.first_amount is not null and m.second_amount is not null then m.second_amount > m.first_amount
        when upper(trim(m.first_unit)) = upper(trim(m.second_unit)) then m.second_given > m.first_given
    end
from analysis.adsl as a
join study.parameters as p on p.studyid = a.studyid
left join amounts as m on m.studyid = a.studyid and m.usubjid = a.usubjid
where a.saffl = 'Y'
