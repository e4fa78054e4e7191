/*
grain: one row per episode and treatment given during it
key: [studyid, usubjid, source, scale, episode, treatment]
description: >
  What was given in each episode, from onset to its end. A treatment dated only by its day counts on the day of
  onset; what was given before that is not treatment of the episode.
*/
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
join staged.treatments as g on g.studyid = e.studyid and g.usubjid = e.usubjid
join staged.subjects as s on s.studyid = e.studyid and s.usubjid = e.usubjid
where
    (g.start_s < e.end_s or g.start_s = e.onset_s)
    -- A month or year cannot say whether it was in the episode.
    and g.start_precision not in ('Y', 'M')
    -- Support that was running at onset goes on in the episode, unless it is from before the first dose; a drug counts when given.
    and (g.start_last_s >= e.onset_s or (g.is_support and g.start_last_s >= s.anchor_s and coalesce(g.end_s, e.end_s) > e.onset_s))
qualify row_number() over (
    partition by e.studyid, e.usubjid, e.source, e.scale, e.episode, g.treatment
    order by g.start_s nulls last, g.start_precision nulls last
) = 1
