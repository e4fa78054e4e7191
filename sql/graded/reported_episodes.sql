/*
grain: one row per subject and reported episode
key: [subject, episode]
description: Episodes from the investigator's records, with the highest grade at any moment.
source: docs/grading.md, section 4, steps 6 and 7
*/
with highest as (
    select
        i.subject,
        i.episode,
        max(i.grade_min) as grade_min,
        max(i.grade_max) as grade_max,
        max(case when i.is_graded then i.grade_max end) as grade,
        max(i.end_s) as end_s
    from graded.counted_records as i
    group by all
),

reached as (
    select i.subject, i.episode, min(i.start_s) as max_grade_s
    from graded.counted_records as i
    join highest as h on h.subject = i.subject and h.episode = i.episode
    where i.is_graded and i.grade_max = h.grade
    group by all
),

final as (
    select i.subject, i.episode, i.is_ongoing, i.is_censored, i.outcome, i.end_precision
    from graded.counted_records as i
    qualify row_number() over (
        partition by i.subject, i.episode
        order by
            -- The event record speaks of the outcome; daily grades only where there is none.
            case when i.domain = 'AE' then 0 else 1 end nulls last, i.end_s desc nulls last, i.start_s desc nulls last,
            i._file nulls last, i._row nulls last
    ) = 1
)

select
    h.subject,                                         -- Number of the subject
    h.episode,                                         -- Number of the episode, 1 for the first
    h.grade,                                           -- Grade of the analysis, 1-4; empty when no record gives a grade
    h.grade_min,                                       -- Lowest grade compatible with the records
    h.grade_max,                                       -- Highest grade compatible with the records
    r.max_grade_s,                                     -- First moment of the highest grade, seconds since 1970-01-01
    h.end_s,                                           -- End, seconds since 1970-01-01
    n.end_precision,                                   -- Precision of the end: Y, M, D, h, m or s
    n.is_ongoing,                                      -- Whether CRS had not ended at death, last contact or data cut
    n.is_censored,                                     -- Whether the end is not known
    n.outcome                                          -- Outcome as reports name it
from highest as h
join final as n on n.subject = h.subject and n.episode = h.episode
left join reached as r on r.subject = h.subject and r.episode = h.episode
