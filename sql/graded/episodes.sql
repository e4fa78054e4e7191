/*
grain: one row per subject, source, scale and episode
key: [studyid, usubjid, source, scale, episode]
description: >
  Episodes of CRS with their grade, from both sources of truth. CRS that is reported fatal makes the last episode that began before
  death grade 5, ending at death. The investigator graded on one scale, which study.yaml names; where it does not, SUPPAE
  may, and it is never assumed.
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
  - expect: column_pair_values_a_to_be_greater_than_b
    column_A: grade_max
    column_B: grade_min
    or_equal: true
*/
with found as (
    select
        'derived' as source, d.subject, d.scale, d.episode, d.grade, d.grade_min, d.grade_max, d.why_no_grade, d.max_grade_s,
        e.end_s, e.end_precision, e.is_ongoing, e.is_ongoing as is_censored, case when e.is_ongoing then 'ongoing' else 'resolved' end as outcome
    from graded.derived_episodes as d
    join graded.derived_ends as e on e.subject = d.subject and e.episode = d.episode
    union all
    select
        'reported', r.subject, t.scale, r.episode, r.grade, r.grade_min, r.grade_max,
        case when r.grade is null then 'no record gives a grade' end, r.max_grade_s,
        r.end_s, r.end_precision, r.is_ongoing, r.is_censored, r.outcome
    from graded.reported_episodes as r
    join staged.subjects as s on s.subject = r.subject
    join staged.reported_scale as t on t.studyid = s.studyid
),

fatal as (
    select o.subject, o.source, o.episode, f.death_end_s, f.death_precision
    from graded.onsets as o
    join staged.subjects as s on s.subject = o.subject
    join graded.fatal_crs as f on f.studyid = s.studyid and f.usubjid = s.usubjid
    where o.onset_s < f.death_end_s
    qualify row_number() over (partition by o.subject, o.source order by o.episode desc nulls last) = 1
)

select
    s.studyid,                                                                  -- Study identifier
    s.usubjid,                                                                  -- Unique subject identifier
    s.subject,                                                                  -- Number of the subject
    h.source,                                                                   -- Source of truth, reported or derived
    h.scale,                                                                    -- Grading scale
    h.episode,                                                                  -- Number of the episode, 1 for the first
    o.onset_s,                                                                  -- Onset, seconds since 1970-01-01
    o.onset_precision,                                                          -- Precision of the onset: Y, M, D, h, m or s
    coalesce(f.death_end_s, h.end_s) as end_s,                                  -- End, seconds since 1970-01-01
    coalesce(f.death_precision, h.end_precision) as end_precision,              -- Precision of the end: Y, M, D, h, m or s
    case when f.episode is not null then 5 else h.grade end as grade,           -- Grade of the analysis, 1-5; empty when there is none
    case when f.episode is not null then 5 else h.grade_min end as grade_min,   -- Lowest grade compatible with the records
    case when f.episode is not null then 5 else h.grade_max end as grade_max,   -- Highest grade compatible with the records
    case when f.episode is null then h.why_no_grade end as why_no_grade,        -- Why there is no grade
    case when f.episode is not null then f.death_end_s else h.max_grade_s end as max_grade_s, -- First moment of the highest grade, seconds since 1970-01-01
    o.dose_number,                                                              -- Number of the last dose at or before onset
    o.dose_s,                                                                   -- Start of that dose, seconds since 1970-01-01
    o.waived_s,                                                                 -- From when fever was no longer needed, seconds since 1970-01-01; empty when it always was, and for reported grades
    f.episode is null and h.is_ongoing as is_ongoing,                           -- Whether CRS had not ended at death, last contact or data cut
    f.episode is null and h.is_censored as is_censored,                         -- Whether the end is not known, so that durations are censored there
    case
        when f.episode is not null then 'fatal'
        -- Fatal is only the last episode before death.
        when h.outcome = 'fatal' then 'unknown'
        else h.outcome
    end as outcome                                                              -- resolved, resolved with sequelae, ongoing, fatal or unknown
from found as h
join staged.subjects as s on s.subject = h.subject
join graded.onsets as o on o.subject = h.subject and o.source = h.source and o.episode = h.episode
left join fatal as f on f.subject = h.subject and f.source = h.source and f.episode = h.episode
