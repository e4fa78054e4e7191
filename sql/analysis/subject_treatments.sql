/*
grain: one row per observation, treatment and occasion
key: [studyid, usubjid, part, treatment, occasion]
description: >
  Which treatments each subject received and when - at any time after time zero, during CRS, or before onset (from the
  premedication window before time zero to the first onset, of subjects with CRS), so that prophylaxis is apart.
*/
with first_onsets as (
    select e.studyid, e.usubjid, e.part, e.onset_s from analysis.observed_episodes as e where e.place = 1
)

select distinct
    o.studyid,                             -- Study identifier
    o.usubjid,                             -- Unique subject identifier
    o.part,                                -- all, or the dose level
    g.treatment,                           -- tocilizumab, other_anticytokine, corticosteroids, vasopressors, respiratory_support or icu
    'any time' as occasion                 -- any time, during CRS or before onset
from analysis.observations as o
join staged.treatments as g on g.studyid = o.studyid and g.usubjid = o.usubjid
where g.start_last_s >= o.origin_s and g.start_s < o.until_s
union all
select distinct e.studyid, e.usubjid, e.part, t.treatment, 'during CRS'
from analysis.observed_episodes as e
join graded.primary_grades as p on p.studyid = e.studyid
join graded.treatments as t
    on t.studyid = e.studyid and t.usubjid = e.usubjid and t.source = p.source and t.scale = p.scale and t.episode = e.episode
union all
select distinct o.studyid, o.usubjid, o.part, g.treatment, 'before onset'
from analysis.observations as o
join study.parameters as q on q.studyid = o.studyid
join first_onsets as f on f.studyid = o.studyid and f.usubjid = o.usubjid and f.part = o.part
join staged.treatments as g on g.studyid = o.studyid and g.usubjid = o.usubjid
where g.start_last_s >= o.origin_s - q.premedication_window_s and g.start_last_s < f.onset_s
