/*
grain: one row per reported event of IEC-HS and laboratory result beside it
key: [studyid, usubjid, event, file, row]
description: >
  Ferritin, fibrinogen and transaminases of each reported IEC-HS, from a week before its start (reference.iec_hs_labs) to its end.
source: docs/grading.md, section 6
*/
with written as (
    select
        lb.studyid, lb.usubjid, lb._file, lb._row, lb.lbseq, t.lbtestcd, t.test, t.worst, t.days_before,
        lb._lbdtc_first as taken_s,
        lb._lbdtc_precision as taken_precision,
        lb.lbstresn,
        trim(coalesce(nullif(trim(lb.lbstresc), ''), lb.lborres)) as text,
        case when lb.lbstresn is not null or trim(lb.lbstresc) <> '' then coalesce(nullif(trim(lb.lbstresu), ''), lb.lborresu) else lb.lborresu end as unit,
        case when lb.lbstresn is not null or trim(lb.lbstresc) <> '' then lb.lbstnrhi else try_cast(lb.lbornrhi as double) end as upper_limit
    from raw.lb as lb
    join reference.iec_hs_labs as t on t.lbtestcd = upper(trim(lb.lbtestcd))
    where coalesce(upper(trim(lb.lbstat)), 'DONE') <> 'NOT DONE'
),

results as (
    select
        w.*,
        case when substr(w.text, 1, 1) in ('<', '>') then substr(w.text, 1, 1) end as censored,
        coalesce(w.lbstresn, try_cast(replace(replace(replace(w.text, '<', ''), '>', ''), '=', '') as double)) as value
    from written as w
)

select
    s.studyid,                                             -- Study identifier
    s.usubjid,                                             -- Unique subject identifier
    e.event,                                               -- Number of the event in iec_hs
    r.lbtestcd,                                            -- Test: FERRITIN, FIBRINO, ALT or AST
    r.test,                                                -- Test as reports name it
    r.value,                                               -- Result, in unit; empty when it is no number
    r.censored,                                            -- < or > when the result lies beyond the limit of the assay
    r.unit,                                                -- Unit as received
    r.upper_limit,                                         -- Upper limit of normal, in unit
    r.value / nullif(r.upper_limit, 0) as times_upper_limit, -- Result as a multiple of the upper limit of normal
    make_timestamp(r.taken_s * 1000000) as taken_dtm,      -- When it was taken, the earliest moment its text allows
    r.taken_precision as taken_prec,                       -- Precision of that: Y, M, D, h, m or s
    floor(r.taken_s / 86400.0) - floor(e.start_s / 86400.0) as day, -- Elapsed days from the start of the event, 0 on its day
    r.value is not null and row_number() over (
        partition by e.subject, e.event, r.lbtestcd
        order by case when r.value is null then 1 else 0 end nulls last, abs(r.taken_s - e.start_s) nulls last, r.taken_s nulls last, r._file nulls last, r._row nulls last
    ) = 1 as is_nearest,                                   -- Whether it is the result of its test that is nearest to the start of the event
    r.value is not null and row_number() over (
        partition by e.subject, e.event, r.lbtestcd, upper(trim(r.unit))
        order by
            case r.worst when 'highest' then -r.value else r.value end nulls last, r.taken_s nulls last, r._file nulls last, r._row nulls last
    ) = 1 as is_worst,                                     -- Whether it is the first worst result of its test and unit: the lowest fibrinogen, the highest of the others
    cast(r.lbseq as bigint) as seq,                        -- LBSEQ of the result
    r._file as file,                                       -- File the row came from
    r._row as row                                          -- Row in that file
from graded.iec_hs_events as e
join staged.subjects as s on s.subject = e.subject
join results as r
    on r.studyid = s.studyid and r.usubjid = s.usubjid and r.taken_s between e.start_s - r.days_before * 86400 and e.last_s
