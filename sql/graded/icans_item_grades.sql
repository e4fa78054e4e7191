/*
grain: one row per record of an item of ICANS, the parts of one ICE being one
key: [_file, _row]
description: >
  The grade of each item by itself, by age group. A subject whose age is not known is graded as an adult.
source: docs/grading.md, section 6; Lee 2019
*/
with aged as (
    select s.subject, coalesce(g.age_group, 'adult') as age_group, g.age_group is not null as age_is_known
    from staged.subjects as s
    left join reference.icans_age_groups as g on s.age >= g.at_least and (g.below is null or s.age < g.below)
),

rules as (
    select r.rule_id, g.age_group, r.item, r.at_least, r.at_most, r.result, r.unless_normal, r.grade
    from reference.icans_rules as r
    join reference.icans_age_groups as g on r.age_group in (g.age_group, 'any')
),

gradable as (
    select distinct r.item, r.age_group from rules as r
),

held as (
    select
        i.*,
        a.age_group,
        a.age_is_known,
        r.rule_id,
        r.unless_normal,
        r.grade,
        g.item is not null as is_gradable
    from graded.icans_scores as i
    join aged as a on a.subject = i.subject
    left join gradable as g on g.item = i.item and g.age_group = a.age_group
    left join rules as r
        on r.item = i.item and r.age_group = a.age_group
        and (i.value between r.at_least and r.at_most or i.result = r.result)
    qualify row_number() over (partition by i._file, i._row order by r.grade desc nulls last, r.rule_id nulls last) = 1
),

normal as (
    select distinct h.subject, h.taken_s, h.item from held as h where h.grade = 0
)

select
    h.subject,                                                       -- Number of the subject
    h.domain,                                                        -- Domain of the record: QS, FT or FA
    h.seq,                                                           -- --SEQ of the record
    h.item,                                                          -- Item: ICE, CAPD, CONSCIOUSNESS, SEIZURE, MOTOR or OEDEMA
    h.written,                                                       -- Result as received, or the sum of the parts of ICE
    h.age_group,                                                     -- Age group by which it is graded: adult or child
    h.age_is_known,                                                  -- Whether the age is known; without it the subject is graded as an adult
    h.rule_id,                                                       -- Rule that holds (reference.icans_rules)
    case when n.item is not null then 0 else h.grade end as grade,   -- Grade of the item, 0-4; empty when it has none
    case
        when h.grade is not null then null
        when not h.is_gradable then h.item || ' does not grade ' || case h.age_group when 'child' then 'a child' else 'an adult' end
        when h.is_sum and h.written is null then 'a part of ICE is missing or cannot be read'
        else 'the result cannot be read'
    end as why_no_grade,                                             -- Why it has no grade
    h.taken_s,                                                       -- When it was assessed, seconds since 1970-01-01
    h.taken_precision,                                               -- Precision of that: Y, M, D, h, m or s
    h._file,                                                         -- File the row came from
    h._row                                                           -- Row in that file
from held as h
left join normal as n on n.subject = h.subject and n.taken_s = h.taken_s and n.item = h.unless_normal
