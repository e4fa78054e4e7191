/*
grain: one row per stratum, pair of gradings, and grades found by the two
key: [stratum, pair, first_grade, second_grade]
description: >
  How many subjects of each stratum have which grades by the two gradings of a pair. Only strata of one variable, and not dose levels by
  dose number, since the grades compared are those of the whole treatment. A stratum without subjects has one row, with n = 0.
*/
with pairs as (
    select g.pair, min(g.position) as position from analysis.grade_pairs as g group by g.pair
)

select
    s.stratum,                             -- Name of the stratum
    p.pair,                                -- Pair of gradings
    p.position,                            -- Order of the pair in reports
    g.first_grade,                         -- Highest grade by the first, 0 for no CRS; empty without a grade
    g.second_grade,                        -- Highest grade by the second, 0 for no CRS; empty without a grade
    count(g.usubjid) as n                  -- Number of subjects
from analysis.strata as s
cross join pairs as p
left join analysis.members as m on m.stratum = s.stratum
left join analysis.grade_pairs as g on g.studyid = m.studyid and g.usubjid = m.usubjid and g.pair = p.pair
where s.group2 is null and coalesce(m.part, 'all') = 'all'
group by all
