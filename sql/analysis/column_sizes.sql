/*
grain: one row per single stratum, and per planned arm
key: [stratum, arm]
description: How many treated subjects each single stratum and each planned arm has; a stratum without subjects is here too.
*/
select
    s.stratum,                               -- Name of the stratum; overall for an arm
    '' as study,                             -- Study of the arm; empty text for a stratum
    '' as arm,                               -- Planned arm; empty text for a stratum
    count(m.usubjid) as subjects             -- Subjects
from analysis.strata as s
left join analysis.members as m on m.stratum = s.stratum
where s.group2 is null
group by s.stratum
union all
select 'overall', a.studyid, a.arm, count(*)
from analysis.subject_arms as a
group by a.studyid, a.arm
