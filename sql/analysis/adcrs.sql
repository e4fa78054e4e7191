/*
grain: one row per subject, source, scale and episode
key: [studyid, usubjid, source, scale, episode]
description: >
  Episodes of CRS - onset, end, grade, treatment and outcome. Durations and days are elapsed days, whole wherever an end is known
  only by its day.
source: docs/grading.md, section 4
*/
with given as (
    select
        t.studyid, t.usubjid, t.source, t.scale, t.episode,
        min(case when t.treatment = 'tocilizumab' then t.start_s end) as toci_s,
        min(case when t.treatment = 'corticosteroids' then t.start_s end) as steroid_s,
        min(case when t.treatment in ('tocilizumab', 'other_anticytokine') then t.start_s end) as anticytokine_s,
        max(case when t.treatment = 'vasopressors' then 1 else 0 end) as vasopressor,
        max(t.device_rank) as device_rank,
        max(case when t.treatment = 'icu' then 1 else 0 end) as icu
    from graded.treatments as t
    group by all
),

devices as (
    select d.rank, min(d.device) as device from reference.devices as d group by d.rank
),

timed as (
    select
        e.*,
        s.anchor_s,
        s.arm,
        s.actarm,
        s.saffl,
        -- An end at 24:00 belongs to the day it closes.
        e.end_s - case when e.end_s % 86400 = 0 and e.end_s > e.onset_s then 1 else 0 end as last_s,
        e.onset_precision in ('D', 'M', 'Y') or s.anchor_precision in ('D', 'M', 'Y') as is_whole_onset,
        e.onset_precision in ('D', 'M', 'Y') or e.end_precision in ('D', 'M', 'Y') as is_whole_duration
    from graded.episodes as e
    join staged.subjects as s on s.studyid = e.studyid and s.usubjid = e.usubjid
)

select
    e.studyid,                                                       -- Study identifier
    e.usubjid,                                                       -- Unique subject identifier
    e.source,                                                        -- Source of truth, reported or derived
    e.scale,                                                         -- Grading scale
    e.episode,                                                       -- Number of the episode, 1 for the first
    make_timestamp(e.onset_s * 1000000) as astdtm,                   -- Onset
    e.onset_precision as astprec,                                    -- Precision of the onset: Y, M, D, h, m or s
    make_timestamp(e.end_s * 1000000) as aendtm,                     -- End, or the last moment known when ongoing; 24:00 for a date without a time
    e.end_precision as aenprec,                                      -- Precision of the end: Y, M, D, h, m or s
    e.is_ongoing as ongoing,                                         -- Whether CRS had not ended at death, last contact or data cut
    e.grade,                                                         -- Grade of the analysis, 1-5; empty when there is none
    e.grade_min,                                                     -- Lowest grade compatible with the records
    e.grade_max,                                                     -- Highest grade compatible with the records
    e.why_no_grade,                                                  -- Why there is no grade
    make_timestamp(e.max_grade_s * 1000000) as max_grade_dtm,        -- First moment of the highest grade
    e.dose_number,                                                   -- Number of the last dose at or before onset
    case
        when e.is_whole_onset then floor(e.onset_s / 86400.0) - floor(e.anchor_s / 86400.0)
        else (e.onset_s - e.anchor_s) / 86400.0
    end as onset_days,                                               -- Elapsed days from the first dose to onset
    case
        when e.is_whole_onset then floor(e.onset_s / 86400.0) - floor(e.dose_s / 86400.0)
        else (e.onset_s - e.dose_s) / 86400.0
    end as onset_from_dose_days,                                     -- Elapsed days from the last dose to onset
    case
        when e.is_whole_duration then ceil((e.end_s - e.onset_s) / 86400.0)
        else (e.end_s - e.onset_s) / 86400.0
    end as duration_days,                                            -- Days from onset to end; a lower bound when ongoing, or over at an unknown time
    make_timestamp(e.waived_s * 1000000) as waived_from,             -- From when fever was no longer needed; empty when it always was, and for reported grades
    make_timestamp(g.toci_s * 1000000) as toci_dtm,                  -- First tocilizumab in the episode
    make_timestamp(g.steroid_s * 1000000) as steroid_dtm,            -- First systemic corticosteroid in the episode
    make_timestamp(g.anticytokine_s * 1000000) as anticytokine_dtm,  -- First anticytokine in the episode, tocilizumab included
    coalesce(g.vasopressor, 0) = 1 as vasopressor,                   -- Whether a vasopressor was given in the episode
    v.device as respiratory_support,                                 -- Highest respiratory support in the episode
    coalesce(g.icu, 0) = 1 as icu,                                   -- Whether the episode had a stay in intensive care
    e.outcome,                                                       -- resolved, resolved with sequelae, ongoing, fatal or unknown
    case when p.scale is not null then 'Y' end as anl01fl,           -- Analysis flag 01: Y for the source and scale that reports use
    e.arm as trtp,                                                   -- Planned treatment: the planned arm
    e.actarm as trta,                                                -- Actual treatment: the actual arm
    e.saffl,                                                         -- Safety population flag: at least one study dose
    'DAYS' as aduru,                                                 -- Unit of the duration: DAYS
    cast(make_timestamp(e.onset_s * 1000000) as date) as astdt,      -- Date of onset
    case e.onset_precision when 'Y' then 'M' when 'M' then 'D' end as astdtf, -- Imputation of the date of onset: M month and day, D day
    case when e.onset_precision in ('Y', 'M', 'D') then 'H' when e.onset_precision = 'h' then 'M' end as asttmf, -- Imputation of the time of onset: H whole time, M minutes; seconds are not flagged
    cast(make_timestamp(e.last_s * 1000000) as date) as aendt,       -- Date of the end, or the last day known when ongoing; an end at 24:00 belongs to the day it closes
    case e.end_precision when 'Y' then 'M' when 'M' then 'D' end as aendtf, -- Imputation of the date of the end: M month and day, D day
    case when e.end_precision in ('Y', 'M', 'D') then 'H' when e.end_precision = 'h' then 'M' end as aentmf, -- Imputation of the time of the end: H whole time, M minutes; seconds are not flagged
    cast(
        floor(e.onset_s / 86400.0) - floor(e.anchor_s / 86400.0)
        + case when floor(e.onset_s / 86400.0) >= floor(e.anchor_s / 86400.0) then 1 else 0 end as integer
    ) as astdy,                                                      -- Study day of onset: 1 is the day of the first dose, -1 the day before
    cast(
        floor(e.last_s / 86400.0) - floor(e.anchor_s / 86400.0)
        + case when floor(e.last_s / 86400.0) >= floor(e.anchor_s / 86400.0) then 1 else 0 end as integer
    ) as aendy                                                       -- Study day of the end, or the last day known when ongoing: 1 is the day of the first dose, -1 the day before
from timed as e
left join graded.primary_grades as p on p.studyid = e.studyid and p.source = e.source and p.scale = e.scale
left join given as g
    on g.studyid = e.studyid and g.usubjid = e.usubjid and g.source = e.source and g.scale = e.scale and g.episode = e.episode
left join devices as v on v.rank = g.device_rank
