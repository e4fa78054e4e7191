/*
grain: one row per subject in DM
key: [studyid, usubjid]
description: >
  Who is in the study, when they were treated, and until when they were followed. Follow-up ends at the earliest of
  death, last contact and data cut.
source: SDTMIG 3.4, DM
rules:
  - expect: column_values_to_not_be_null
    column: usubjid
*/
with followed as (
    select
        dm.studyid,
        dm.usubjid,
        x.death_end_s,
        least(coalesce(c.last_contact_end_s, s.cut_s + 1), s.cut_s + 1) as contact_end_s
    from raw.dm as dm
    join study.studies as s on s.studyid = dm.studyid
    left join staged.contacts as c on c.studyid = dm.studyid and c.usubjid = dm.usubjid
    left join staged.deaths as x on x.studyid = dm.studyid and x.usubjid = dm.usubjid
)

select
    dm.studyid,                                                      -- Study identifier
    dm.usubjid,                                                      -- Unique subject identifier
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
    case when x.usubjid is not null then 'Y' end as dthfl,           -- Death flag
    greatest(x.death_s, least(x.death_end_s, coalesce(t.last_dose_s, x.death_s))) as death_s, -- Death: the earliest moment its text allows, not before the last dose when it allows that, seconds since 1970-01-01
    x.death_end_s,                                                   -- Latest moment of the death, seconds since 1970-01-01
    x.death_precision,                                               -- Precision of the death: Y, M, D, h, m or s
    f.contact_end_s,                                                 -- End of the last contact, not after the data cut, seconds since 1970-01-01
    greatest(
        least(f.contact_end_s, coalesce(f.death_end_s, f.contact_end_s)), coalesce(t.anchor_s, 0)
    ) as followed_until_s,                                           -- End of follow-up: the earliest of death, last contact and data cut, but not before the first dose, seconds since 1970-01-01
    s.cut_s                                                          -- Last second of the data cut, seconds since 1970-01-01
from raw.dm as dm
join study.studies as s on s.studyid = dm.studyid
left join followed as f on f.studyid = dm.studyid and f.usubjid = dm.usubjid
left join staged.treatment as t on t.studyid = dm.studyid and t.usubjid = dm.usubjid
left join staged.deaths as x on x.studyid = dm.studyid and x.usubjid = dm.usubjid
