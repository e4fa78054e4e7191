/*
grain: one row per reading of temperature or systolic pressure that is a sign of CRS
key: [_file, _row]
description: >
  Fever and low blood pressure, each reading with how long it holds - to the next reading of the same test, at most
  reading_hold_hours, and not past the end of follow-up. Of readings at one moment the worst holds, and the others end
  as they begin. Low is below 90 mmHg, in children under 10 years below 70 + 2 x age, unless study.yaml says.
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
        upper(trim(coalesce(vs.vsstresu, vs.vsorresu))) as unit,
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
            -- Its size tells the unit where none is given, or only that of the result as collected: no living person has 60, in either.
            when m.is_temperature and coalesce(m.unit, 'F') = 'F' and m.result > 60
                then floor((m.result - 32) / 1.8 * 10 + 0.5) / 10
            else m.result
        end as value
    from measured as m
    where m.result is not null
),

held as (
    select
        c.subject,
        c.is_temperature,
        c.value,
        c.start_s,
        case when c.is_temperature then c.value >= c.fever_c else c.value < c.lowest_mmhg end as is_sign,
        lead(c.start_s) over (
            partition by c.subject, c.is_temperature
            order by c.start_s nulls last, case when c.is_temperature then c.value else -c.value end nulls last, c._row nulls last
        ) as next_s,
        c.start_precision,
        c.vsseq,
        c._file,
        c._row
    from converted as c
)

select
    h.subject,                                                       -- Number of the subject
    case when h.is_temperature then 'fever' else 'low_pressure' end as feature, -- fever or low_pressure
    h.value,                                                         -- Temperature in degrees Celsius, or pressure in mmHg
    h.start_s,                                                       -- Start, seconds since 1970-01-01
    h.start_precision,                                               -- Precision of the start: Y, M, D, h, m or s
    greatest(
        h.start_s,
        least(coalesce(h.next_s, l.followed_until_s), h.start_s + l.reading_hold_s, l.followed_until_s)
    ) as end_s,                                                      -- End, seconds since 1970-01-01
    coalesce(h.next_s > l.followed_until_s, true) and h.start_s + l.reading_hold_s > l.followed_until_s as is_ongoing, -- Whether it would hold beyond the end of follow-up
    coalesce(h.start_s >= l.anchor_s, false) as is_after_dose,       -- Whether it is from after the first dose
    h.vsseq,                                                         -- Sequence number
    h._file,                                                         -- File the row came from
    h._row                                                           -- Row in that file
from held as h
join limits as l on l.subject = h.subject
where h.is_sign
