/*
grain: one row per stretch of an episode in which nothing changes
key: [subject, episode, start_s]
description: >
  What counts at each moment of an episode, from onset on, by one running sum. Hypotension, hypoxia and organ toxicity count only while
  there is fever, or from when it is waived; otherwise nothing does, and the state is 0. All features are one number,
  whose digits are in reference.features.
source: docs/grading.md, section 4, steps 4 to 6
*/
with present as (
    select
        e.subject,
        e.episode,
        t.feature,
        t.bound,
        t.value,
        greatest(t.start_s, e.onset_s) as start_s,
        least(t.end_s, e.end_s) as end_s
    from graded.stretches as t
    join graded.onsets as e on e.subject = t.subject
    where e.source = 'derived' and t.end_s > e.onset_s and t.start_s < e.end_s
),

counted_boluses as (
    select e.subject, e.episode, b.begun_s, min(greatest(b.start_s, e.onset_s)) as start_s
    from staged.fluid_boluses as b
    join graded.onsets as e on e.subject = b.subject and e.source = 'derived' and b.end_s > e.onset_s and b.start_s < e.end_s
    left join present as f
        on f.subject = e.subject and f.episode = e.episode and f.feature = 'fever' and f.start_s < b.end_s and f.end_s > b.start_s
    where b.why_not is null and (f.subject is not null or b.end_s > e.waived_s)
    group by e.subject, e.episode, b.begun_s
),

second_boluses as (
    select p.subject, p.episode, p.start_s
    from counted_boluses as p
    qualify row_number() over (partition by p.subject, p.episode order by p.start_s nulls last) = 2
),

changes as (
    select p.subject, p.episode, p.start_s as at_s, p.value * f.weight::double as change
    from present as p
    join reference.features as f on f.feature = p.feature and f.bound = p.bound
    union all
    select p.subject, p.episode, p.end_s, -p.value * f.weight::double
    from present as p
    join reference.features as f on f.feature = p.feature and f.bound = p.bound
    union all
    select b.subject, b.episode, b.start_s, f.weight::double
    from second_boluses as b
    join reference.features as f on f.feature = 'repeated_bolus'
    union all
    select e.subject, e.episode, e.waived_s, 0.0
    from graded.onsets as e
    where e.waived_s is not null
),

moments as (
    select c.subject, c.episode, c.at_s, sum(c.change) as change
    from changes as c
    group by c.subject, c.episode, c.at_s
),

running as (
    select
        m.subject,
        m.episode,
        m.at_s as start_s,
        lead(m.at_s) over (partition by m.subject, m.episode order by m.at_s nulls last) as end_s,
        sum(m.change) over (
            partition by m.subject, m.episode order by m.at_s nulls last rows between unbounded preceding and current row
        ) as state
    from moments as m
)

select
    r.subject,                                         -- Number of the subject
    r.episode,                                         -- Number of the episode, 1 for the first
    r.start_s,                                         -- Start, seconds since 1970-01-01
    r.end_s,                                           -- End, seconds since 1970-01-01
    -- Fever is the lowest digit.
    case
        when cast(r.state as bigint) % 2 = 1 or r.start_s >= e.waived_s then cast(r.state as bigint)
        else 0
    end as state                                       -- Everything that counts, as one number; 0 for nothing
from running as r
join graded.onsets as e on e.subject = r.subject and e.source = 'derived' and e.episode = r.episode
where r.end_s is not null
