/*
grain: one row per subject in DM
key: [studyid, usubjid]
description: >
  Who is in the study, when they were treated, and until when they were followed. Follow-up ends at the earliest of
  death, last contact and data cut. Signs and episodes, of which there are many, name the subject by its number here.
source: SDTMIG 3.4, DM
rules:
  - expect: column_values_to_not_be_null
    column: usubjid
*/
with deaths as (
    select
        x.studyid,
        x.usubjid,
        x.death_precision,
        -- The earliest moment the text allows, but not before the last dose; a month or year, not before the last contact.
        -- A death without a date stays without one: greatest() and least() would pass over it.
        case
            when x.death_s is not null then greatest(
                x.death_s,
                least(x.death_end_s, coalesce(case when x.death_precision in ('Y', 'M') then c.last_contact_end_s end, t.last_dose_s, x.death_s))
            )
        end as death_s,
        x.death_end_s
    from staged.deaths as x
    left join staged.contacts as c on c.studyid = x.studyid and c.usubjid = x.usubjid
    left join staged.treatment as t on t.studyid = x.studyid and t.usubjid = x.usubjid
),

followed as (
    select
        dm.studyid,
        dm.usubjid,
        x.usubjid is not null as is_dead,
        x.death_precision,
        x.death_s,
        case when x.death_precision in ('Y', 'M') then x.death_s else x.death_end_s end as death_end_s,
        least(coalesce(c.last_contact_end_s, s.cut_s + 1), s.cut_s + 1) as contact_end_s
    from raw.dm as dm
    join study.studies as s on s.studyid = dm.studyid
    left join staged.contacts as c on c.studyid = dm.studyid and c.usubjid = dm.usubjid
    left join deaths as x on x.studyid = dm.studyid and x.usubjid = dm.usubjid
)

select
    dm.studyid,                                                      -- Study identifier
    dm.usubjid,                                                      -- Unique subject identifier
    cast(row_number() over (order by dm.studyid nulls last, dm.usubjid nulls last) as integer) as subject, -- Number of the subject, 1 for the first
    dm.subjid,                                                       -- Subject identifier for the study
    dm.siteid,                                                       -- Study site identifier
    case
        when upper(trim(dm.ageu)) = 'MONTHS' then dm.age / 12.0
        when upper(trim(dm.ageu)) = 'WEEKS' then dm.age / 52.1775
        when upper(trim(dm.ageu)) = 'DAYS' then dm.age / 365.25
        else dm.age
    end as age,                                                      -- Age, years
    upper(trim(dm.sex)) as sex,                                      -- Sex
    dm.race,                                                         -- Race
    dm.arm,                                                          -- Planned arm
    dm.actarm,                                                       -- Actual arm
    t.anchor_s,                                                      -- First study dose, time zero, seconds since 1970-01-01; empty when untreated
    t.anchor_precision,                                              -- Precision of the first dose: Y, M, D, h, m or s
    t.last_dose_s,                                                   -- Start of the last study dose, seconds since 1970-01-01
    t.last_dose_end_s,                                               -- End of the last study dose, seconds since 1970-01-01
    coalesce(t.doses, 0) as doses,                                   -- Number of study doses
    case when t.anchor_s is not null then 'Y' else 'N' end as saffl, -- Safety population flag: at least one study dose
    case when f.is_dead then 'Y' end as dthfl,                       -- Death flag
    f.death_s,                                                       -- Death: the earliest moment its text allows, but not before the last dose or, of a month or year, the last contact, seconds since 1970-01-01
    f.death_end_s,                                                   -- Latest moment of the death, seconds since 1970-01-01
    f.death_precision,                                               -- Precision of the death: Y, M, D, h, m or s
    f.contact_end_s,                                                 -- End of the last contact, not after the data cut, seconds since 1970-01-01
    greatest(
        least(f.contact_end_s, coalesce(f.death_end_s, f.contact_end_s)), coalesce(t.anchor_s, 0)
    ) as followed_until_s,                                           -- End of follow-up: the earliest of death, last contact and data cut, but not before the first dose, seconds since 1970-01-01
    s.cut_s                                                          -- Last second of the data cut, seconds since 1970-01-01
from raw.dm as dm
join study.studies as s on s.studyid = dm.studyid
left join followed as f on f.studyid = dm.studyid and f.usubjid = dm.usubjid
left join staged.treatment as t on t.studyid = dm.studyid and t.usubjid = dm.usubjid
