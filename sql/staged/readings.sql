/*
grain: one row per reading of temperature or systolic pressure that is a sign of CRS
key: [_file, _row]
description: >
  Fever and low blood pressure, each reading with how long it holds - to the next reading of the same test, at most
  reading_hold_hours, and not past the end of follow-up. Readings at one moment all hold. Low is below 90 mmHg, in children under 10
  years below 70 + 2 x age, unless study.yaml says.
source: docs/grading.md, section 2; Lee 2019; Mahadeo 2019 for children
*/
with limits as (
    select
        s.studyid,
        s.usubjid,
        s.subject,
        s.anchor_s,
        s.followed_until_s,
        p.reading_hold_s,
        p.fever_c,
        coalesce(p.sbp_mmhg, case when s.age < 10 then 70 + 2 * s.age else 90 end) as lowest_mmhg
    from staged.subjects as s
    join study.parameters as p on p.studyid = s.studyid
),

measured as (
    select
        l.subject,
        upper(trim(vs.vstestcd)) = 'TEMP' as is_temperature,
        coalesce(vs.vsstresn, try_cast(vs.vsstresc as double), try_cast(vs.vsorres as double)) as result,
        case when l.anchor_s between vs._vsdtc_first and vs._vsdtc_last then l.anchor_s else vs._vsdtc_first end as start_s,
        vs._vsdtc_precision as start_precision,
        vs.vsseq,
        l.fever_c,
        l.lowest_mmhg,
        vs._file,
        vs._row
    from raw.vs as vs
    join limits as l on l.studyid = vs.studyid and l.usubjid = vs.usubjid
    where upper(trim(vs.vstestcd)) in ('TEMP', 'SYSBP') and vs._vsdtc_first is not null
),

converted as (
    select
        m.*,
        case
            -- Its size tells the unit, which may be that of the result as collected: no living person has 60, in either.
            when m.is_temperature and m.result > 60
                then floor((m.result - 32) / 1.8 * 10 + 0.5) / 10
            else m.result
        end as value
    from measured as m
),

signs as (
    select c.subject, c.is_temperature, c.value, c.start_s, c.start_precision, c.vsseq, c._file, c._row
    from converted as c
    where case when c.is_temperature then c.value >= c.fever_c else c.value < c.lowest_mmhg end
),

-- Only readings from the first sign to the end of the last can end a sign, which leaves most of them out.
bounds as (
    select
        l.studyid,
        l.usubjid,
        l.subject,
        l.anchor_s,
        s.is_temperature,
        min(s.start_s) as first_s,
        max(s.start_s) + max(l.reading_hold_s) as last_s
    from signs as s
    join limits as l on l.subject = s.subject
    group by l.studyid, l.usubjid, l.subject, l.anchor_s, s.is_temperature
),

moments as (
    select distinct
        b.subject,
        b.is_temperature,
        case when b.anchor_s between vs._vsdtc_first and vs._vsdtc_last then b.anchor_s else vs._vsdtc_first end as at_s
    from raw.vs as vs
    join bounds as b
        on b.studyid = vs.studyid and b.usubjid = vs.usubjid
        and b.is_temperature = (upper(trim(vs.vstestcd)) = 'TEMP')
    where
        upper(trim(vs.vstestcd)) in ('TEMP', 'SYSBP')
        and vs._vsdtc_last >= b.first_s and vs._vsdtc_first <= b.last_s
        and coalesce(vs.vsstresn, try_cast(vs.vsstresc as double), try_cast(vs.vsorres as double)) is not null
),

followed as (
    select m.subject, m.is_temperature, m.at_s, lead(m.at_s) over (partition by m.subject, m.is_temperature order by m.at_s nulls last) as next_s
    from moments as m
)

select
    s.subject,                                                       -- Number of the subject
    case when s.is_temperature then 'fever' else 'low_pressure' end as feature, -- fever or low_pressure
    s.value,                                                         -- Temperature in degrees Celsius, or pressure in mmHg
    s.start_s,                                                       -- Start, seconds since 1970-01-01
    s.start_precision,                                               -- Precision of the start: Y, M, D, h, m or s
    greatest(
        s.start_s,
        least(coalesce(f.next_s, l.followed_until_s), s.start_s + l.reading_hold_s, l.followed_until_s)
    ) as end_s,                                                      -- End, seconds since 1970-01-01
    coalesce(f.next_s > l.followed_until_s, true) and s.start_s + l.reading_hold_s > l.followed_until_s as is_ongoing, -- Whether it would hold beyond the end of follow-up
    coalesce(s.start_s >= l.anchor_s, false) as is_after_dose,       -- Whether it is from after the first dose
    s.vsseq,                                                         -- Sequence number
    s._file,                                                         -- File the row came from
    s._row                                                           -- Row in that file
from signs as s
join followed as f on f.subject = s.subject and f.is_temperature = s.is_temperature and f.at_s = s.start_s
join limits as l on l.subject = s.subject
