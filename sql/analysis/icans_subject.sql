/*
grain: one row per treated subject and source
key: [studyid, usubjid, source]
description: >
  The highest ICANS grade of each treated subject, 0 for none, as reported, and as derived in studies that record the items of ICANS.
source: docs/grading.md, section 6
*/
with sources as (
    select y.studyid, 'reported' as source from study.studies as y
    union all
    select distinct s.studyid, 'derived'
    from staged.icans_items as i
    join staged.subjects as s on s.subject = i.subject
),

worst as (
    select
        i.subject,
        i.source,
        max(i.grade) as grade,
        sum(case when i.is_icans then 1 else 0 end) as with_icans,
        count(*) as counted
    from graded.icans as i
    where i.is_counted
    group by i.subject, i.source
),

first_ones as (
    select i.subject, i.source, i.start_s, i.start_precision
    from graded.icans as i
    where i.is_icans
    qualify row_number() over (partition by i.subject, i.source order by i.start_s nulls last, i.start_precision nulls last) = 1
),

worst_ones as (
    select i.subject, i.source, i.reached_s, i.reached_precision
    from graded.icans as i
    join worst as w on w.subject = i.subject and w.source = i.source and w.grade = i.grade
    where i.is_icans and i.is_counted
    qualify row_number() over (partition by i.subject, i.source order by i.reached_s nulls last, i.reached_precision nulls last) = 1
)

select
    s.studyid,                                                       -- Study identifier
    s.usubjid,                                                       -- Unique subject identifier
    k.source,                                                        -- Source of truth, reported or derived
    case
        when w.with_icans > 0 then w.grade
        when k.source = 'reported' or w.counted > 0 then 0
    end as grade,                                                    -- Highest grade, 0 for no ICANS; empty when ICANS has no grade, or when nothing was assessed
    coalesce(cast(w.with_icans as integer), 0) as records,           -- Assessments or records with ICANS
    case when k.source = 'derived' then coalesce(cast(w.counted as integer), 0) end as assessments, -- Assessments with a grade, 0 included; empty for reported ones
    make_timestamp(f.start_s * 1000000) as first_dtm,                -- First moment of ICANS
    f.start_precision as first_prec,                                 -- Precision of that: Y, M, D, h, m or s
    case
        when f.start_precision in ('D', 'M', 'Y') or s.anchor_precision in ('D', 'M', 'Y')
            then floor(f.start_s / 86400.0) - floor(s.anchor_s / 86400.0)
        else (f.start_s - s.anchor_s) / 86400.0
    end as onset_days,                                               -- Elapsed days from the first dose to it, whole where a time is known only by its day
    make_timestamp(x.reached_s * 1000000) as max_grade_dtm,          -- First moment of the highest grade; of grade 5 the death
    x.reached_precision as max_grade_prec,                           -- Precision of that: Y, M, D, h, m or s
    case
        when x.reached_precision in ('D', 'M', 'Y') or s.anchor_precision in ('D', 'M', 'Y')
            then floor(x.reached_s / 86400.0) - floor(s.anchor_s / 86400.0)
        else (x.reached_s - s.anchor_s) / 86400.0
    end as max_grade_days                                            -- Elapsed days from the first dose to it, likewise
from staged.subjects as s
join sources as k on k.studyid = s.studyid
left join worst as w on w.subject = s.subject and w.source = k.source
left join first_ones as f on f.subject = s.subject and f.source = k.source
left join worst_ones as x on x.subject = s.subject and x.source = k.source
where s.saffl = 'Y'
