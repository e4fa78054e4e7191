/*
grain: one row per stratum of one variable, treatment, whether it was given, and outcome
key: [stratum, treatment, answer, outcome]
description: How the episode with the highest grade ended, by what was given in it. Crossed strata are left out, being too small.
*/
select
    m.stratum,                             -- Name of the stratum
    t.treatment,                           -- Treatment, as in analysis.episode_treatments
    t.answer,                              -- Whether it was given in the episode
    r.outcome,                             -- resolved, resolved with sequelae, ongoing, fatal or unknown
    count(*) as n                          -- Number of subjects
from analysis.strata as s
join analysis.members as m on m.stratum = s.stratum
join analysis.subject_results as r on r.studyid = m.studyid and r.usubjid = m.usubjid and r.part = m.part
join analysis.episode_treatments as t on t.studyid = m.studyid and t.usubjid = m.usubjid and t.part = m.part
where s.group2 is null
group by all
