/*
grain: one row per unbroken time of a feature at a value
key: [subject, feature, bound, start_s]
description: >
  What was there of each subject after the first dose, feature by feature (reference.features). Stretches of one
  feature and bound do not overlap. Fever, hypotension and hypoxia make episodes; the rest only bears on their grade.
source: docs/grading.md, sections 2 and 5
*/
select
    r.subject,                                         -- Number of the subject
    r.feature,                                         -- Feature
    'both' as bound,                                   -- min, max, or both where the value is certain
    1 as value,                                        -- Value
    true as is_sign,                                   -- Whether episodes are made of it
    r.can_begin,                                       -- Whether an episode may begin with it
    r.start_s,                                         -- Start, seconds since 1970-01-01
    r.start_precision,                                 -- Precision of the start: Y, M, D, h, m or s
    r.end_s,                                           -- End, seconds since 1970-01-01
    r.end_precision,                                   -- Precision of the end: D or s
    r.is_ongoing                                       -- Whether it goes on beyond the end of follow-up
from staged.reading_stretches as r
union all
select i.subject, i.feature, 'both', 1, i.feature = 'bolus', false, i.start_s, 's', i.end_s, i.end_precision, i.is_ongoing
from graded.infusion_stretches as i
union all
select v.subject, 'vasopressor', 'both', v.level, true, false, v.start_s, 's', v.end_s, v.end_precision, v.is_ongoing
from graded.vasopressor_slices as v
union all
select v.subject, 'vasopressors', 'both', v.vasopressors, false, false, v.start_s, 's', v.end_s, v.end_precision, v.is_ongoing
from graded.vasopressor_slices as v
union all
select v.subject, 'high_dose', 'min', 1, false, false, v.start_s, 's', v.end_s, v.end_precision, v.is_ongoing
from graded.vasopressor_slices as v
where v.high_min = 1
union all
select v.subject, 'high_dose', 'max', 1, false, false, v.start_s, 's', v.end_s, v.end_precision, v.is_ongoing
from graded.vasopressor_slices as v
where v.high_max = 1
union all
select l.subject, l.feature, l.bound, 1, false, false, l.start_s, 's', l.end_s, 's', false
from graded.long_vasopressors as l
union all
select h.subject, 'hypoxia', 'max', h.level_max, true, false, h.start_s, 's', h.end_s, h.end_precision, h.is_ongoing
from graded.support_slices as h
union all
select h.subject, 'hypoxia', 'min', h.level_min, false, false, h.start_s, 's', h.end_s, h.end_precision, h.is_ongoing
from graded.support_slices as h
where h.level_min > 0
union all
select h.subject, 'high_fio2', 'max', 1, false, false, h.start_s, 's', h.end_s, h.end_precision, h.is_ongoing
from graded.support_slices as h
where h.high_fio2_max = 1
union all
select h.subject, 'high_fio2', 'min', 1, false, false, h.start_s, 's', h.end_s, h.end_precision, h.is_ongoing
from graded.support_slices as h
where h.high_fio2_min = 1
union all
select h.subject, 'ventilator', 'both', 1, false, false, h.start_s, 's', h.end_s, h.end_precision, h.is_ongoing
from graded.support_slices as h
where h.ventilator = 1
union all
select t.subject, t.feature, 'both', t.grade, false, false, t.start_s, 's', t.end_s, 's', false
from staged.organ_toxicities as t
where t.why_not is null and t.end_s > t.start_s
