/*
grain: one row per investigator's record of ICANS or IEC-HS
key: [concept, _file, _row]
description: >
  What the investigator recorded of ICANS and IEC-HS - adverse events, daily grades, and a primary cause of death. A fatal event is grade
  5. A record before the first dose or after the end of follow-up has no grade but a reason.
source: docs/grading.md, section 6
rules:
  - expect: column_values_to_be_between
    column: grade
    min_value: 0
    max_value: 5
*/
with recorded as (
    select
        t.concept, s.subject, 'AE' as domain, a.aeseq as seq, a.term, ae.aetoxgr as written, a.grade, a.is_fatal,
        a.start_s, a.start_precision, a.end_s, a.end_precision, a.outcome, a._file, a._row
    from staged.adverse_events as a
    join staged.subjects as s on s.studyid = a.studyid and s.usubjid = a.usubjid
    join study.terms as t on t.studyid = a.studyid and t.term = a.term
    join raw.ae as ae on ae._file = a._file and ae._row = a._row
    where a.occurred and t.concept in ('icans', 'iec_hs')
    union all
    select
        t.concept, s.subject, 'FA', f.faseq, f.term, coalesce(nullif(trim(fa.fastresc), ''), fa.faorres), f.grade, false,
        f.start_s, f.precision, f.end_s, 'D', null, f._file, f._row
    from staged.daily_grades as f
    join staged.subjects as s on s.studyid = f.studyid and s.usubjid = f.usubjid
    join study.terms as t on t.studyid = f.studyid and t.term = f.term
    join raw.fa as fa on fa._file = f._file and fa._row = f._row
    where t.concept in ('icans', 'iec_hs')
    union all
    select
        t.concept, s.subject, 'DD', dd.ddseq, c.cause, coalesce(nullif(trim(dd.ddstresc), ''), dd.ddorres), 5, true,
        coalesce(s.death_s, least(s.followed_until_s, s.cut_s)), coalesce(s.death_precision, 'D'), null, null, 'fatal', c._file, c._row
    from staged.causes_of_death as c
    join staged.subjects as s on s.studyid = c.studyid and s.usubjid = c.usubjid
    join study.terms as t on t.studyid = c.studyid and t.term = c.cause
    join raw.dd as dd on dd._file = c._file and dd._row = c._row
    where c.is_primary and t.concept in ('icans', 'iec_hs')
),

judged as (
    select
        r.*,
        r.is_fatal or coalesce(r.grade = 5, false) as is_death,
        case
            when w.first_s is null then 'not treated'
            when r.start_s is null then 'no date'
            when r.start_s < w.first_s then 'before the first dose'
            when r.start_s > w.last_s then 'after the end of follow-up'
        end as why_not_counted
    from recorded as r
    join staged.counting_windows as w on w.subject = r.subject
)

select
    j.concept,                                                       -- What it is a record of: icans or iec_hs
    j.subject,                                                       -- Number of the subject
    j.domain,                                                        -- Domain of the record: AE, FA or DD
    cast(j.seq as bigint) as seq,                                    -- --SEQ of the record
    j.term,                                                          -- Term of the record, upper case
    j.written,                                                       -- Grade as received, or the cause of death
    case
        when j.why_not_counted is not null then null
        when j.is_death then 5
        else j.grade
    end as grade,                                                    -- Grade, 0-5; empty when there is none
    case
        when j.why_not_counted is not null then j.why_not_counted
        when j.grade is null and not j.is_death then 'the grade is missing or cannot be read'
    end as why_no_grade,                                             -- Why it has no grade
    j.why_not_counted is null as is_counted,                         -- Whether it is from the first dose on and within follow-up
    j.start_s,                                                       -- Start, seconds since 1970-01-01
    j.start_precision,                                               -- Precision of the start: Y, M, D, h, m or s
    cast(j.end_s as bigint) as end_s,                                -- End, 24:00 for a date without a time, seconds since 1970-01-01
    j.end_precision,                                                 -- Precision of the end: Y, M, D, h, m or s
    j.outcome,                                                       -- Outcome as reports name it
    j._file,                                                         -- File the row came from
    j._row                                                           -- Row in that file
from judged as j
