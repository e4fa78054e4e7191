/*
grain: one row per subject and moment of an assessment of ICANS
key: [subject, taken_s]
description: >
  The derived grade at each assessment - of the items of one moment the most severe counts. An assessment before the first dose or after
  the end of follow-up, or whose items cannot be read, has no grade but a reason.
source: docs/grading.md, section 6; Lee 2019
rules:
  - expect: column_values_to_be_between
    column: grade
    min_value: 0
    max_value: 4
*/
with assessed as (
    select
        i.*,
        sum(case when i.grade is null then 1 else 0 end) over (partition by i.subject, i.taken_s) as items_without_grade,
        case
            when w.first_s is null then 'not treated'
            when i.taken_s is null then 'no date'
            when i.taken_s < w.first_s then 'before the first dose'
            when i.taken_s > w.last_s then 'after the end of follow-up'
        end as why_not_counted
    from graded.icans_item_grades as i
    join staged.counting_windows as w on w.subject = i.subject
    qualify row_number() over (
        partition by i.subject, i.taken_s order by i.grade desc nulls last, i.item nulls last, i._file nulls last, i._row nulls last
    ) = 1
)

select
    a.subject,                                                       -- Number of the subject
    a.taken_s,                                                       -- When it was assessed, seconds since 1970-01-01; records without a date are one assessment
    a.taken_precision,                                               -- Precision of that: Y, M, D, h, m or s
    case when a.why_not_counted is null then a.grade end as grade,   -- Grade, 0-4; empty when there is none
    coalesce(a.why_not_counted, a.why_no_grade) as why_no_grade,     -- Why it has no grade
    a.item,                                                          -- Item that sets the grade
    a.written,                                                       -- Its result as received, or the sum of the parts of ICE
    a.rule_id,                                                       -- Rule that holds (reference.icans_rules)
    a.age_group,                                                     -- Age group by which it is graded: adult or child
    a.age_is_known,                                                  -- Whether the age is known; without it the subject is graded as an adult
    cast(a.items_without_grade as integer) as items_without_grade,   -- Items of the moment that have no grade, so that the grade may be higher
    a.domain,                                                        -- Domain of the record that sets it
    a.seq,                                                           -- --SEQ of that record
    a._file,                                                         -- File the row came from
    a._row                                                           -- Row in that file
from assessed as a
