/*
grain: one row per treated subject and pair of gradings compared
key: [studyid, usubjid, pair]
description: >
  The highest grade of each treated subject by two gradings side by side - the reported grade against the derived one on each scale,
  and the derived grade on the study's first scale against each other one. Studies without derived grades have no rows.
source: docs/grading.md, section 12
rules:
  - expect: column_values_to_not_be_null
    column: is_discordant
*/
with gradings as (
    select
        g.studyid,
        g.usubjid,
        g.source,
        g.scale,
        k.position,
        case
            when not g.is_assessable then 'not assessable'
            when g.episodes = 0 then 'no CRS'
            when g.grade is null then 'no grade'
            else 'graded'
        end as answer,
        -- Who could not be assessed has not been found to be without CRS.
        case when g.is_assessable then g.grade end as grade,
        case when g.is_assessable then g.grade_min end as grade_min,
        case when g.is_assessable then g.grade_max end as grade_max
    from analysis.adcrs_subject as g
    left join study.scales as k on k.studyid = g.studyid and k.scale = g.scale
),

paired as (
    select
        f.studyid,
        f.usubjid,
        f.source || ' (' || f.scale || ') and ' || s.source || ' (' || s.scale || ')' as pair,
        case when f.source = 'reported' then 0 else 1000 end + s.position as position,
        f.source as first_source,
        f.scale as first_scale,
        s.source as second_source,
        s.scale as second_scale,
        f.answer as first_answer,
        s.answer as second_answer,
        f.grade as first_grade,
        s.grade as second_grade,
        f.grade_min as first_min,
        f.grade_max as first_max,
        s.grade_min as second_min,
        s.grade_max as second_max
    from gradings as f
    join gradings as s on s.studyid = f.studyid and s.usubjid = f.usubjid and s.source = 'derived'
    where f.source = 'reported' or (f.position = 1 and s.position > 1)
)

select
    p.studyid,                                             -- Study identifier
    p.usubjid,                                             -- Unique subject identifier
    p.pair,                                                -- The pair, as the results name it
    p.position,                                            -- Order of the pair in reports
    p.first_source,                                        -- Source of the first grading, reported or derived
    p.first_scale,                                         -- Scale of the first grading
    p.second_source,                                       -- Source of the second grading: derived
    p.second_scale,                                        -- Scale of the second grading
    p.first_answer,                                        -- What the first says: no CRS, graded, no grade (CRS without one) or not assessable
    p.second_answer,                                       -- What the second says, likewise
    p.first_grade,                                         -- Highest grade by the first, 0 for no CRS; empty without a grade
    p.second_grade,                                        -- Highest grade by the second, 0 for no CRS; empty without a grade
    p.first_min,                                           -- Lowest grade by the first compatible with the records; empty when not assessable
    p.first_max,                                           -- Highest grade by the first compatible with the records; empty when not assessable
    p.second_min,                                          -- Lowest grade by the second compatible with the records; empty when not assessable
    p.second_max,                                          -- Highest grade by the second compatible with the records; empty when not assessable
    case
        -- Nothing to see is no contradiction to no CRS, but it is one to CRS.
        when 'not assessable' in (p.first_answer, p.second_answer) and 'no CRS' in (p.first_answer, p.second_answer) then false
        when p.first_answer <> p.second_answer then true
        else coalesce(p.first_grade <> p.second_grade, false)
    end as is_discordant,                                  -- Whether the grades differ, or one has CRS and the other no grade or nothing to see
    is_discordant and p.first_min <= p.second_max and p.second_min <= p.first_max as is_explained_by_uncertainty -- Whether they differ though one grade is compatible with the records of both; empty when CRS could not be assessed
from paired as p
