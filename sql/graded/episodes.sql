/*
grain: one row per subject, source, scale and episode
key: [studyid, usubjid, source, scale, episode]
description: >
  Episodes of CRS with their grade. The grade is the highest at any moment; CRS that is reported fatal makes the last
  episode that began before death grade 5, ending at death.
source: docs/grading.md, section 4, steps 6 to 10
rules:
  - expect: column_values_to_be_between
    column: grade
    min_value: 1
    max_value: 5
  - expect: column_pair_values_a_to_be_greater_than_b
    column_A: end_s
    column_B: onset_s
    or_equal: true
*/
with highest as (
    select
        i.studyid,
        i.usubjid,
        i.source,
        i.scale,
        i.episode,
        max(i.grade_min) as grade_min,
        max(i.grade_max) as grade_max,
        max(case when i.is_graded then i.grade_max end) as grade,
        max(i.end_s) as end_s
    from graded.scored_intervals as i
    group by all
),

reached as (
    select i.studyid, i.usubjid, i.source, i.scale, i.episode, min(i.start_s) as max_grade_s
    from graded.scored_intervals as i
    join highest as h
        on h.studyid = i.studyid and h.usubjid = i.usubjid and h.source = i.source and h.scale = i.scale and h.episode = i.episode
    where i.is_graded and i.grade_max = h.grade
    group by all
),

final as (
    select i.studyid, i.usubjid, i.source, i.scale, i.episode, i.is_ongoing, i.is_censored, i.outcome, i.end_precision
    from graded.scored_intervals as i
    qualify row_number() over (
        partition by i.studyid, i.usubjid, i.source, i.scale, i.episode
        order by
            -- The event record speaks of the outcome; daily grades only where there is none.
            case when i.domain = 'AE' then 0 else 1 end, i.end_s desc nulls last, i.start_s desc nulls last,
            i._file nulls last, i._row nulls last
    ) = 1
),

fatal as (
    select o.studyid, o.usubjid, o.source, o.episode, f.death_end_s, f.death_precision
    from graded.onsets as o
    join graded.fatal_crs as f on f.studyid = o.studyid and f.usubjid = o.usubjid
    where o.onset_s < f.death_end_s
    qualify row_number() over (partition by o.studyid, o.usubjid, o.source order by o.episode desc nulls last) = 1
)

select
    h.studyid,                                                                  -- Study identifier
    h.usubjid,                                                                  -- Unique subject identifier
    h.source,                                                                   -- Source of truth, reported or derived
    h.scale,                                                                    -- Grading scale
    h.episode,                                                                  -- Number of the episode, 1 for the first
    o.onset_s,                                                                  -- Onset, seconds since 1970-01-01
    o.onset_precision,                                                          -- Precision of the onset: Y, M, D, h, m or s
    coalesce(f.death_end_s, h.end_s) as end_s,                                  -- End, seconds since 1970-01-01
    coalesce(f.death_precision, n.end_precision) as end_precision,              -- Precision of the end: Y, M, D, h, m or s
    case when f.episode is not null then 5 else h.grade end as grade,           -- Grade of the analysis, 1-5; empty when no record gives a grade
    case when f.episode is not null then 5 else h.grade_min end as grade_min,   -- Lowest grade compatible with the records
    case when f.episode is not null then 5 else h.grade_max end as grade_max,   -- Highest grade compatible with the records
    case when f.episode is not null then f.death_end_s else r.max_grade_s end as max_grade_s, -- First moment of the highest grade, seconds since 1970-01-01
    o.dose_number,                                                              -- Number of the last dose at or before onset
    o.dose_s,                                                                   -- Start of that dose, seconds since 1970-01-01
    f.episode is null and n.is_ongoing as is_ongoing,                           -- Whether CRS had not ended at death, last contact or data cut
    f.episode is null and n.is_censored as is_censored,                         -- Whether the end is not known, so that durations are censored there
    case
        when f.episode is not null then 'fatal'
        -- Fatal is only the last episode before death.
        when n.outcome = 'fatal' then 'unknown'
        else n.outcome
    end as outcome                                                              -- resolved, resolved with sequelae, ongoing, fatal or unknown
from highest as h
join graded.onsets as o on o.studyid = h.studyid and o.usubjid = h.usubjid and o.source = h.source and o.episode = h.episode
join final as n
    on n.studyid = h.studyid and n.usubjid = h.usubjid and n.source = h.source and n.scale = h.scale and n.episode = h.episode
left join reached as r
    on r.studyid = h.studyid and r.usubjid = h.usubjid and r.source = h.source and r.scale = h.scale and r.episode = h.episode
left join fatal as f on f.studyid = h.studyid and f.usubjid = h.usubjid and f.source = h.source and f.episode = h.episode
