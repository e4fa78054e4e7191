/*
grain: one row per stratum variable and level
key: [variable, level]
description: >
  The levels of each stratum, in the order of study.yaml, of one study after the other, with or without subjects. Missing is a level of its own where
  any treated subject has it. The study is a stratum only when several are pooled.
*/
with told as (
    select 'therapy' as variable, c.therapy as level, min(y.position * 1000 + c.position) as position
    from study.therapy_classes as c
    join study.studies as y on y.studyid = c.studyid
    group by c.therapy
    union all
    select 'dose', l.dose_level, min(y.position * 1000 + l.position)
    from study.dose_levels as l
    join study.studies as y on y.studyid = l.studyid
    group by l.dose_level
    union all
    select 'tumour_burden', b.tumour_burden_level, min(b.position) from study.burden_levels as b group by b.tumour_burden_level
    union all
    select 'study', s.studyid, s.position from study.studies as s
    union all
    select m.variable, m.level, 1000000 from analysis.subject_levels as m group by m.variable, m.level
),

ordered as (
    select t.variable, t.level, min(t.position) as position
    from told as t
    group by t.variable, t.level
)

select
    o.variable,                                                                -- Stratum variable: therapy, dose, tumour_burden or study
    o.level,                                                                   -- Level as reports name it
    row_number() over (
        partition by o.variable
        -- Missing last; levels that the data have and study.yaml lacks before it.
        order by case when o.level = 'Missing' then 1 else 0 end, o.position nulls last, o.level nulls last
    ) as position                                                              -- Order in reports
from ordered as o
where o.variable <> 'study' or (select count(*) from study.studies) > 1
