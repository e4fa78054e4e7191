/*
grain: one row per study
key: [studyid]
description: >
  The scale on which the investigator graded: as study.yaml names it, else as SUPPAE (AETOXSC) does, else not stated. It is
  never assumed.
*/
select
    p.studyid,                                                       -- Study identifier
    coalesce(p.reported_scale, min(s.qval), 'not stated') as scale   -- Grading scale
from study.parameters as p
left join raw.supp as s on s.studyid = p.studyid and s.rdomain = 'AE' and upper(trim(s.qnam)) = 'AETOXSC'
group by p.studyid, p.reported_scale
