/*
grain: one row per derived episode
key: [subject, episode]
description: >
  When each episode from the signs ends - the latest end among the fever, hypotension and hypoxia that count. An end at the end of
  follow-up is not known when the sign goes on.
source: docs/grading.md, section 4, steps 6 and 10
*/
with ended as (
    select t.subject, t.episode, max(t.end_s) as end_s
    from graded.states as t
    join graded.state_signs as s on s.state = t.state and s.feature in ('fever', 'hypotension', 'hypoxia')
    group by t.subject, t.episode
),

last_signs as (
    select
        e.subject,
        e.episode,
        min(t.end_precision) as end_precision,
        max(case when t.is_ongoing then 1 else 0 end) as ongoing
    from ended as e
    join graded.stretches as t on t.subject = e.subject and t.end_s = e.end_s and t.is_sign
    group by e.subject, e.episode
)

select
    e.subject,                                         -- Number of the subject
    e.episode,                                         -- Number of the episode, 1 for the first
    e.end_s,                                           -- End, seconds since 1970-01-01
    coalesce(l.end_precision, 's') as end_precision,   -- Precision of the end: D or s
    coalesce(l.ongoing = 1, false) and e.end_s >= s.followed_until_s as is_ongoing -- Whether CRS had not ended at death, last contact or data cut
from ended as e
join staged.subjects as s on s.subject = e.subject
left join last_signs as l on l.subject = e.subject and l.episode = e.episode
