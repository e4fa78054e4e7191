/*
grain: one row per observation with CRS and treatment of its episode with the highest grade
key: [studyid, usubjid, part, treatment]
description: >
  Whether each treatment was given in the episode with the highest grade, the earliest of equals, and which of tocilizumab and
  corticosteroids were.
*/
with worst_episodes as (
    select e.studyid, e.usubjid, e.part, e.episode, g.source, g.scale
    from analysis.observed_episodes as e
    join graded.primary_grades as g on g.studyid = e.studyid
    where e.severity_place = 1
),

listed as (
    select 'tocilizumab' as treatment
    union all
    select 'corticosteroids'
    union all
    select 'other_anticytokine'
    union all
    select 'vasopressors'
    union all
    select 'respiratory_support'
    union all
    select 'icu'
),

answered as (
    select w.studyid, w.usubjid, w.part, l.treatment, t.treatment is not null as is_given
    from worst_episodes as w
    cross join listed as l
    left join graded.treatments as t
        on t.studyid = w.studyid and t.usubjid = w.usubjid and t.source = w.source and t.scale = w.scale
        and t.episode = w.episode and t.treatment = l.treatment
)

select
    a.studyid,                                                    -- Study identifier
    a.usubjid,                                                    -- Unique subject identifier
    a.part,                                                       -- all, or the dose level
    a.treatment,                                                  -- Treatment, or tocilizumab_and_corticosteroids
    case when a.is_given then 'given' else 'not given' end as answer -- given or not given; both, tocilizumab only, corticosteroids only or neither
from answered as a
union all
select
    t.studyid, t.usubjid, t.part, 'tocilizumab_and_corticosteroids',
    case
        when t.is_given and c.is_given then 'both'
        when t.is_given then 'tocilizumab only'
        when c.is_given then 'corticosteroids only'
        else 'neither'
    end
from answered as t
join answered as c on c.studyid = t.studyid and c.usubjid = t.usubjid and c.part = t.part
where t.treatment = 'tocilizumab' and c.treatment = 'corticosteroids'
