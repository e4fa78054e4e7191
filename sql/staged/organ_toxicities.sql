/*
grain: one row per laboratory result that is organ toxicity
key: [_file, _row]
description: >
  ALT, AST, bilirubin and creatinine above the upper limit of normal, graded, each with how long it holds - to the next
  result of the same test, at most laboratory_hold_hours. Of results at one moment the worst holds. A grade no higher than that of
  the last result before the first dose does not count.
source: docs/grading.md, section 5; CTCAE 4.03
*/
with measured as (
    select
        s.subject,
        s.anchor_s,
        s.followed_until_s,
        p.laboratory_hold_s,
        upper(trim(lb.lbtestcd)) as lbtestcd,
        coalesce(lb.lbstresn, try_cast(lb.lborres as double)) as result,
        case when lb.lbstresn is not null then lb.lbstnrhi else try_cast(lb.lbornrhi as double) end as upper_limit,
        case when s.anchor_s between lb._lbdtc_first and lb._lbdtc_last then s.anchor_s else lb._lbdtc_first end as start_s,
        lb._lbdtc_precision as start_precision,
        lb.lbseq,
        lb._file,
        lb._row
    from raw.lb as lb
    join staged.subjects as s on s.studyid = lb.studyid and s.usubjid = lb.usubjid
    join study.parameters as p on p.studyid = lb.studyid
    where upper(trim(lb.lbtestcd)) in ('ALT', 'AST', 'BILI', 'CREAT') and lb._lbdtc_first is not null
),

held as (
    select
        m.*,
        lead(m.start_s) over (
            partition by m.subject, m.lbtestcd order by m.start_s nulls last, m.result / nullif(m.upper_limit, 0) nulls first
        ) as next_s
    from measured as m
    where m.result is not null
),

graded as (
    select h._file, h._row, max(t.feature) as feature, max(t.grade) as grade
    from held as h
    join reference.laboratory_toxicities as t on t.lbtestcd = h.lbtestcd and h.result > t.above_uln * h.upper_limit
    where h.upper_limit > 0
    group by all
),

baseline as (
    select b.subject, b.lbtestcd, coalesce(g.grade, 0) as grade
    from held as b
    left join graded as g on g._file = b._file and g._row = b._row
    where b.start_s < b.anchor_s
    qualify row_number() over (
        partition by b.subject, b.lbtestcd order by b.start_s desc nulls last, b.result / nullif(b.upper_limit, 0) desc nulls last
    ) = 1
)

select
    h.subject,                                                       -- Number of the subject
    h.lbtestcd,                                                      -- Test, ALT, AST, BILI or CREAT
    g.feature,                                                       -- ALT, AST, bilirubin or creatinine
    g.grade,                                                         -- Grade, 1-4
    h.result,                                                        -- Result as received
    h.result / h.upper_limit as times_upper_limit,                   -- Result as a multiple of the upper limit of normal
    h.start_s,                                                       -- Start, seconds since 1970-01-01
    h.start_precision,                                               -- Precision of the start: Y, M, D, h, m or s
    greatest(
        h.start_s,
        least(coalesce(h.next_s, h.followed_until_s), h.start_s + h.laboratory_hold_s, h.followed_until_s)
    ) as end_s,                                                      -- End, seconds since 1970-01-01
    case
        when h.anchor_s is null then 'not treated'
        when h.start_s < h.anchor_s then 'before the first dose'
        when h.start_s >= h.followed_until_s then 'after the end of follow-up'
        when g.grade <= b.grade then 'no higher than before the first dose'
    end as why_not,                                                  -- Why it says nothing of CRS; empty when it may
    h.lbseq,                                                         -- Sequence number
    h._file,                                                         -- File the row came from
    h._row                                                           -- Row in that file
from held as h
join graded as g on g._file = h._file and g._row = h._row
left join baseline as b on b.subject = h.subject and b.lbtestcd = h.lbtestcd
