/*
grain: one row per laboratory result that is organ toxicity
key: [_file, _row]
description: >
  ALT, AST, bilirubin and creatinine above the upper limit of normal, graded, each with how long it holds - to the next
  result of the same test, at most laboratory_hold_hours. Of results at one moment the worst holds. A grade no higher than that of
  the last result before the first dose does not count.
source: docs/grading.md, section 5; CTCAE 4.03
*/
with limits as (
    select
        t.lbtestcd,
        t.feature,
        max(case when t.grade = 1 then t.above_uln end) as above_1,
        max(case when t.grade = 2 then t.above_uln end) as above_2,
        max(case when t.grade = 3 then t.above_uln end) as above_3,
        max(case when t.grade = 4 then t.above_uln end) as above_4
    from reference.laboratory_toxicities as t
    group by t.lbtestcd, t.feature
),

measured as (
    select
        s.subject,
        l.feature,
        case when s.anchor_s between lb._lbdtc_first and lb._lbdtc_last then s.anchor_s else lb._lbdtc_first end as start_s,
        coalesce(lb._lbdtc_last < s.anchor_s, false) as is_before_dose,
        coalesce(lb.lbstresn, try_cast(lb.lborres as double))
        / nullif(case when lb.lbstresn is not null then lb.lbstnrhi else try_cast(lb.lbornrhi as double) end, 0) as times_upper_limit,
        l.above_1,
        l.above_2,
        l.above_3,
        l.above_4,
        lb.lbseq,
        lb._file,
        lb._row
    from raw.lb as lb
    join staged.subjects as s on s.studyid = lb.studyid and s.usubjid = lb.usubjid
    join limits as l on l.lbtestcd = upper(trim(lb.lbtestcd))
    where
        -- Urine has its own limits.
        coalesce(upper(trim(lb.lbspec)), 'SERUM') in ('SERUM', 'PLASMA', 'BLOOD', 'SERUM OR PLASMA')
        and lb._lbdtc_first is not null and coalesce(lb.lbstresn, try_cast(lb.lborres as double)) is not null
),

graded as (
    select
        m.subject,
        m.feature,
        m.start_s,
        m.is_before_dose,
        m.times_upper_limit,
        case
            when m.times_upper_limit > m.above_4 then 4
            when m.times_upper_limit > m.above_3 then 3
            when m.times_upper_limit > m.above_2 then 2
            when m.times_upper_limit > m.above_1 then 1
            else 0
        end as grade,
        m.lbseq,
        m._file,
        m._row
    from measured as m
),

compared as (
    select
        g.*,
        lead(g.start_s) over (
            partition by g.subject, g.feature
            order by g.start_s nulls last, g.times_upper_limit nulls first, g._file nulls last, g._row nulls last
        ) as next_s,
        -- The grade of the last result before the first dose: of times and grades as one number, the highest ends in it.
        max(case when g.is_before_dose and g.times_upper_limit is not null then g.start_s * 10 + g.grade end) over (
            partition by g.subject, g.feature
            order by g.start_s nulls last, g.times_upper_limit nulls first, g._file nulls last, g._row nulls last
            rows between unbounded preceding and unbounded following
        ) % 10 as baseline_grade
    from graded as g
)

select
    c.subject,                                                       -- Number of the subject
    c.feature,                                                       -- ALT, AST, bilirubin or creatinine
    c.grade,                                                         -- Grade, 1-4
    c.times_upper_limit,                                             -- Result as a multiple of the upper limit of normal
    c.start_s,                                                       -- Start, seconds since 1970-01-01
    greatest(
        c.start_s,
        least(coalesce(c.next_s, s.followed_until_s), c.start_s + p.laboratory_hold_s, s.followed_until_s)
    ) as end_s,                                                      -- End, seconds since 1970-01-01
    case
        when s.anchor_s is null then 'not treated'
        when c.start_s < s.anchor_s then 'before the first dose'
        when c.start_s >= s.followed_until_s then 'after the end of follow-up'
        when c.grade <= c.baseline_grade then 'no higher than before the first dose'
    end as why_not,                                                  -- Why it says nothing of CRS; empty when it may
    c.lbseq,                                                         -- Sequence number
    c._file,                                                         -- File the row came from
    c._row                                                           -- Row in that file
from compared as c
join staged.subjects as s on s.subject = c.subject
join study.parameters as p on p.studyid = s.studyid
where c.grade > 0
