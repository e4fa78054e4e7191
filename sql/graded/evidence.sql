/*
grain: one row per derived episode, scale, rule and raw row
key: [subject, episode, scale, rule_id, domain, _file, _row]
description: >
  Why a derived episode has its grade - at the first moment of the highest grade, the rules that give it and the raw rows that meet
  them; the fever it began with; and, where there was no fever then, the drug that had waived it.
source: docs/grading.md, section 7
*/
with without_rule as (
    select h.subject, h.episode, g.scale, min(h.start_s) as start_s
    from graded.had_states as h
    join graded.state_grades as g on g.state = h.state and g.is_without_rule
    group by h.subject, h.episode, g.scale
),

settings as (
    select d.subject, d.episode, d.scale, t.state, t.start_s, d.grade
    from graded.derived_episodes as d
    left join without_rule as w on d.grade is null and w.subject = d.subject and w.episode = d.episode and w.scale = d.scale
    join graded.states as t on t.subject = d.subject and t.episode = d.episode and t.start_s = coalesce(w.start_s, d.max_grade_s)
),

rules as (
    select h.subject, h.episode, h.scale, h.start_s, r.rule_id, r.feature, r.at_least
    from settings as h
    join graded.state_grades as g on g.state = h.state and g.scale = h.scale
    join graded.state_rules as r on r.state = h.state and r.scale = h.scale
    where r.grade = g.grade_max or (h.grade is null and r.grade is null)
),

shown as (
    select distinct f.feature, f.size as at_most, f.shown_by as record_feature
    from reference.features as f
    union
    select l.sign, l.level, l.feature
    from reference.sign_levels as l
),

at_highest as (
    select distinct u.subject, u.episode, u.scale, u.rule_id, r.domain, r._file, r._row
    from rules as u
    join shown as w on w.feature = u.feature and w.at_most >= u.at_least
    join graded.sign_records as r
        on r.subject = u.subject and r.feature = w.record_feature and r.why_not is null
        and r.start_s <= u.start_s and r.end_s > u.start_s
    -- One of several vasopressors, or of several laboratory tests, is there at a level of its own.
    where r.feature = 'vasopressor' or u.feature <> r.sign or r.level_max >= u.at_least
),

at_onset as (
    select d.subject, d.episode, d.scale, 'onset' as rule_id, r.domain, r._file, r._row
    from graded.derived_episodes as d
    join graded.onsets as o on o.subject = d.subject and o.source = 'derived' and o.episode = d.episode
    join graded.sign_records as r on r.subject = d.subject and r.feature = 'fever' and r.start_s = o.onset_s and r.why_not is null
),

waived as (
    select h.subject, h.episode, h.scale, 'waiver' as rule_id, 'CM' as domain, w._file, w._row
    from settings as h
    join graded.onsets as o on o.subject = h.subject and o.source = 'derived' and o.episode = h.episode
    join graded.waiving_drugs as w on w.subject = h.subject and w.onset_s = o.onset_s and w.waives_from_s = o.waived_s
    left join graded.state_signs as f on f.state = h.state and f.feature = 'fever'
    where f.state is null and o.waived_s <= h.start_s
)

select
    a.subject,                                                       -- Number of the subject
    a.episode,                                                       -- Number of the episode, 1 for the first
    a.scale,                                                         -- Grading scale
    a.rule_id,                                                       -- Rule that makes it count; onset for the first fever, waiver for the drug that waived fever
    a.domain,                                                        -- Domain of the record
    a._file,                                                         -- File the row came from
    a._row                                                           -- Row in that file
from at_highest as a
union all
select o.subject, o.episode, o.scale, o.rule_id, o.domain, o._file, o._row
from at_onset as o
union all
select w.subject, w.episode, w.scale, w.rule_id, w.domain, w._file, w._row
from waived as w
