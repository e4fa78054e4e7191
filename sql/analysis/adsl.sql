/*
grain: one row per subject in DM
key: [studyid, usubjid]
description: Subject-level analysis dataset - who was treated with what, at which dose and tumour burden, and until when followed.
source: ADaMIG 1.3, ADSL
*/
with first_dose as (
    select d.studyid, d.usubjid, d.amount_as_given, d.unit_as_given, l.amount
    from staged.doses as d
    join staged.dose_levels as l on l.studyid = d.studyid and l.usubjid = d.usubjid and l.dose_number = d.dose_number
    where d.dose_number = 1
),

-- By amount a subject's level is that of the first dose; by dose number it is the last level reached.
levels as (
    select l.studyid, l.usubjid, l.dose_level
    from staged.dose_levels as l
    join study.parameters as p on p.studyid = l.studyid
    qualify row_number() over (
        partition by l.studyid, l.usubjid
        order by case when p.dose_by = 'dose_number' then -l.dose_number else l.dose_number end nulls last
    ) = 1
),

-- Premedication: a drug that would waive fever, started within the window before a dose, or on its day when only the day is known.
premedicated as (
    select distinct d.studyid, d.usubjid
    from staged.doses as d
    join study.parameters as p on p.studyid = d.studyid
    join staged.medications as m on m.studyid = d.studyid and m.usubjid = d.usubjid
    where m.waives_fever and m.start_s <= d.start_s and m.start_last_s >= d.start_s - p.premedication_window_s
),

-- An end at 24:00 belongs to the day it closes; the start of a dose without an end belongs to its own.
last_doses as (
    select
        s.studyid, s.usubjid,
        s.last_dose_end_s - case when s.last_dose_end_s % 86400 = 0 and s.last_dose_end_s > s.last_dose_s then 1 else 0 end as end_s
    from staged.subjects as s
)

select
    s.studyid,                                                          -- Study identifier
    s.usubjid,                                                          -- Unique subject identifier
    s.subjid,                                                           -- Subject identifier for the study
    s.siteid,                                                           -- Study site identifier
    s.age,                                                              -- Age, years
    case when s.age is not null then 'YEARS' end as ageu,               -- Age unit: YEARS, whatever it was recorded in
    s.sex,                                                              -- Sex, in capital letters
    s.race,                                                             -- Race
    s.arm,                                                              -- Planned arm
    s.actarm,                                                           -- Actual arm
    s.arm as trt01p,                                                    -- Planned treatment: the planned arm
    s.actarm as trt01a,                                                 -- Actual treatment: the actual arm
    y.indication,                                                       -- Disease studied
    t.therapy,                                                          -- Therapy, by the classes of study.yaml, or Missing
    coalesce(f.amount, f.amount_as_given) as dose,                      -- First study dose actually given, in dose_unit
    case when f.amount is not null then p.dose_unit else f.unit_as_given end as dose_unit, -- Unit of the dose
    coalesce(l.dose_level, 'Missing') as dose_level,                    -- Dose level, or Missing
    b.tumour_burden,                                                    -- Baseline tumour burden, in tumour_burden_unit
    b.tumour_burden_unit,                                               -- Unit of the tumour burden
    b.tumour_burden_level,                                              -- Tumour burden level, or Missing
    make_timestamp(s.anchor_s * 1000000) as trtsdtm,                    -- First study dose, time zero
    cast(make_timestamp(s.anchor_s * 1000000) as date) as trtsdt,       -- Date of the first study dose
    case s.anchor_precision when 'Y' then 'M' when 'M' then 'D' end as trtsdtf, -- Imputation of the date of the first study dose: M month and day, D day
    case when s.anchor_precision in ('Y', 'M', 'D') then 'H' when s.anchor_precision = 'h' then 'M' end as trtstmf, -- Imputation of the time of the first study dose: H whole time, M minutes; seconds are not flagged
    make_timestamp(e.end_s * 1000000) as trtedtm,                       -- End of the last study dose, 23:59:59 of a date without a time; its start when no end is recorded
    cast(make_timestamp(e.end_s * 1000000) as date) as trtedt,          -- Date on which the last study dose ended
    s.doses,                                                            -- Number of study doses
    s.saffl,                                                            -- Safety population flag: at least one study dose
    case when m.usubjid is not null then 'Y' else 'N' end as premedfl,  -- Premedication flag: antipyretic, corticosteroid or anticytokine in the window before a dose
    s.dthfl,                                                            -- Death flag
    make_timestamp(s.death_s * 1000000) as dthdtm,                      -- Earliest moment of the death
    s.death_precision as dthprec,                                       -- Precision of the death: Y, M, D, h, m or s
    cast(make_timestamp(s.death_s * 1000000) as date) as dthdt,         -- Earliest date of the death
    case when s.death_s is not null then case s.death_precision when 'Y' then 'M' when 'M' then 'D' end end as dthdtf, -- Imputation of the date of death: M month and day, D day
    case when s.death_s is not null then case when s.death_precision in ('Y', 'M', 'D') then 'H' when s.death_precision = 'h' then 'M' end end as dthtmf, -- Imputation of the time of death: H whole time, M minutes; seconds are not flagged
    make_timestamp((s.followed_until_s - 1) * 1000000) as lstalvdtm,    -- Last known alive: end of follow-up, not after the data cut
    cast(make_timestamp((s.followed_until_s - 1) * 1000000) as date) as lstalvdt, -- Date last known alive
    make_timestamp(s.cut_s * 1000000) as cutdtm                         -- Data cut, last second of its day
from staged.subjects as s
join study.studies as y on y.studyid = s.studyid
join study.parameters as p on p.studyid = s.studyid
join staged.therapies as t on t.studyid = s.studyid and t.usubjid = s.usubjid
join staged.tumour_burden as b on b.studyid = s.studyid and b.usubjid = s.usubjid
join last_doses as e on e.studyid = s.studyid and e.usubjid = s.usubjid
left join first_dose as f on f.studyid = s.studyid and f.usubjid = s.usubjid
left join levels as l on l.studyid = s.studyid and l.usubjid = s.usubjid
left join premedicated as m on m.studyid = s.studyid and m.usubjid = s.usubjid
