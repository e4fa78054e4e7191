/*
grain: one row per study
key: [studyid]
description: >
  Which grades the analyses use: the source that study.yaml calls primary, on the scale the investigator graded on, or for
  derived grades on the first scale asked for.
*/
select
    p.studyid,                       -- Study identifier
    p.primary_source as source,      -- Source of truth, reported or derived
    case when p.primary_source = 'reported' then r.scale else f.scale end as scale -- Grading scale
from study.parameters as p
join staged.reported_scale as r on r.studyid = p.studyid
left join study.scales as f on f.studyid = p.studyid and f.position = 1
