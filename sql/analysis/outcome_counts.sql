/*
grain: one row per stratum, highest grade and outcome
key: [stratum, grade, outcome]
description: How the episode with the highest grade ended, by that grade.
*/
select
    m.stratum,                             -- Name of the stratum
    r.grade,                               -- Highest grade of the subject; empty when CRS has no grade
    r.outcome,                             -- resolved, resolved with sequelae, ongoing, fatal or unknown
    count(*) as n                          -- Number of subjects
from analysis.members as m
join analysis.subject_results as r on r.studyid = m.studyid and r.usubjid = m.usubjid and r.part = m.part
where r.episodes > 0
group by all
