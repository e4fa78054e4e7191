/*
grain: one row per episode and treatment given during it
key: [studyid, usubjid, source, scale, episode, treatment]
description: >
  What was given in each episode, from onset to its end. A treatment dated only by its day counts on the day of
  onset; what was given before that is not treatment of the episode.
*/
with given as (
    select
        m.studyid, m.usubjid,
        case
            when m.agent = 'tocilizumab' then 'tocilizumab'
            when m.drug_class = 'anticytokine' then 'other_anticytokine'
            when m.drug_class = 'corticosteroid' then 'corticosteroids'
            when m.drug_class in ('vasopressor', 'vasopressin') then 'vasopressors'
        end as treatment,
        m.start_s, m.start_last_s, m.start_precision, cast(null as varchar) as device, cast(null as bigint) as device_rank,
        m.drug_class in ('vasopressor', 'vasopressin') as is_support, m.end_s
    from staged.medications as m
    union all
    select
        p.studyid, p.usubjid, 'respiratory_support', p.start_s, p.start_last_s, p.start_precision, p.device, p.device_rank, true, p.end_s
    from staged.procedures as p
    where p.device is not null
    union all
    select c.studyid, c.usubjid, 'icu', c.start_s, c.start_s, 's', null, null, true, c.end_s
    from staged.intensive_care as c
)

select
    e.studyid,                                   -- Study identifier
    e.usubjid,                                   -- Unique subject identifier
    e.source,                                    -- Source of truth, reported or derived
    e.scale,                                     -- Grading scale
    e.episode,                                   -- Number of the episode, 1 for the first
    g.treatment,                                 -- tocilizumab, other_anticytokine, corticosteroids, vasopressors, respiratory_support or icu
    greatest(g.start_s, e.onset_s) as start_s,   -- First given in the episode, seconds since 1970-01-01
    case when g.start_s < e.onset_s then e.onset_precision else g.start_precision end as start_precision, -- Precision of that: Y, M, D, h, m or s
    max(g.device_rank) over (
        partition by e.studyid, e.usubjid, e.source, e.scale, e.episode, g.treatment
    ) as device_rank                             -- Highest rank of respiratory support in the episode
from graded.episodes as e
join given as g on g.studyid = e.studyid and g.usubjid = e.usubjid
where
    g.treatment is not null
    and g.start_s <= e.end_s
    -- Support that was running at onset goes on in the episode; a drug counts when it is given.
    and (g.start_last_s >= e.onset_s or (g.is_support and coalesce(g.end_s, e.end_s) > e.onset_s))
qualify row_number() over (
    partition by e.studyid, e.usubjid, e.source, e.scale, e.episode, g.treatment
    order by g.start_s nulls last, g.start_precision nulls last
) = 1
