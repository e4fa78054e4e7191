/*
grain: one row per derived episode and state it has had
key: [subject, episode, state]
description: Each state of an episode before its end, and when it was first so. Organ toxicity after the last sign is no longer CRS.
*/
select
    s.subject,                                         -- Number of the subject
    s.episode,                                         -- Number of the episode, 1 for the first
    s.state,                                           -- Everything that counts, as one number
    min(s.start_s) as start_s                          -- First such moment, seconds since 1970-01-01
from graded.states as s
join graded.derived_ends as e on e.subject = s.subject and e.episode = s.episode
where s.state > 0 and s.start_s < e.end_s
group by s.subject, s.episode, s.state
