/*
grain: one row per stratum and subject in it
key: [stratum, studyid, usubjid]
description: Which treated subjects are in which stratum, and on which observation each is counted there.
*/
with crossed as (
    select
        t.studyid, t.usubjid, t.level || ' / ' || d.level || ' / ' || b.level as stratum, d.part
    from analysis.subject_levels as t
    join analysis.subject_levels as d on d.studyid = t.studyid and d.usubjid = t.usubjid and d.variable = 'dose'
    join analysis.subject_levels as b on b.studyid = t.studyid and b.usubjid = t.usubjid and b.variable = 'tumour_burden'
    where t.variable = 'therapy'
)

select
    'overall' as stratum,            -- Name of the stratum
    o.studyid,                       -- Study identifier
    o.usubjid,                       -- Unique subject identifier
    o.part                           -- Observation on which the subject is counted: all, or the dose level
from analysis.observations as o
where o.part = 'all'
union all
select l.variable || ': ' || l.level, l.studyid, l.usubjid, l.part
from analysis.subject_levels as l
join analysis.stratum_levels as k on k.variable = l.variable and k.level = l.level
union all
select c.stratum, c.studyid, c.usubjid, c.part
from crossed as c
