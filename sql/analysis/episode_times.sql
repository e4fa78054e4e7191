/*
grain: one row per observation with CRS and time-to-event parameter
key: [studyid, usubjid, part, paramcd]
description: >
  Of the episode with the highest grade, the earliest of equals, from its onset - to its resolution, to tocilizumab, to other
  treatment and to its highest grade; and, of the first episode, from the last dose before it to its onset. What has no
  competing event or censoring, such as the time to corticosteroids, has rows only of those who had it.
rules:
  - expect: column_values_to_be_in_set
    column: cnsr
    value_set: [0, 1, 2]
*/
with worst_episodes as (
    select
        e.studyid,
        e.usubjid,
        e.part,
        e.episode,
        e.grade,
        g.source,
        g.scale,
        e.onset_s,
        e.onset_precision,
        e.end_s,
        e.end_precision,
        e.is_censored,
        e.outcome = 'fatal' or (e.is_ongoing and coalesce(s.dthfl = 'Y', false)) as is_dead
    from analysis.observed_episodes as e
    join staged.subjects as s on s.studyid = e.studyid and s.usubjid = e.usubjid
    join graded.primary_grades as g on g.studyid = e.studyid
    where e.severity_place = 1
),

treated as (
    select w.studyid, w.usubjid, w.part, w.onset_s, w.onset_precision, t.treatment, t.start_s, t.start_precision
    from worst_episodes as w
    join graded.treatments as t
        on t.studyid = w.studyid and t.usubjid = w.usubjid and t.source = w.source and t.scale = w.scale
        and t.episode = w.episode
),

parameters as (
    select 'TTSTER' as paramcd, 'corticosteroids' as treatment, 'First corticosteroid in the episode' as event
    union all
    select 'TTANTI', 'other_anticytokine', 'First other anticytokine in the episode'
    union all
    select 'TTVASO', 'vasopressors', 'First vasopressor in the episode'
    union all
    select 'TTRESP', 'respiratory_support', 'First respiratory support in the episode'
    union all
    select 'TTICU', 'icu', 'Intensive care in the episode'
)

select
    f.studyid,                                          -- Study identifier
    f.usubjid,                                          -- Unique subject identifier
    f.part,                                             -- all, or the dose level
    'TTRES' as paramcd,                                 -- Parameter: TTRES, TTTOCI, TTSTER, TTANTI, TTVASO, TTRESP, TTICU, TTMAX or DOSETOCRS
    f.onset_s as from_s,                                -- Start, seconds since 1970-01-01
    f.onset_precision as from_precision,                -- Precision of the start: Y, M, D, h, m or s
    f.end_s as to_s,                                    -- Event or censoring, seconds since 1970-01-01
    f.end_precision as to_precision,                    -- Precision of that: Y, M, D, h, m or s
    case when f.is_dead then 2 when f.is_censored then 1 else 0 end as cnsr, -- 0 event, 1 censored, 2 competing event
    case
        when f.is_dead then 'Death before resolution'
        when f.is_censored then 'Not resolved when last known'
        else 'CRS resolved'
    end as evntdesc,                                    -- What happened
    true as runs_to_an_end                              -- Whether the time runs to an end, which a day without a time puts at 24:00
from worst_episodes as f
union all
select
    f.studyid, f.usubjid, f.part, 'TTTOCI', f.onset_s, f.onset_precision,
    coalesce(t.start_s, f.end_s), coalesce(t.start_precision, f.end_precision),
    case when t.start_s is not null then 0 when f.is_censored and not f.is_dead then 1 else 2 end,
    case
        when t.start_s is not null then 'First tocilizumab in the episode'
        when f.is_dead then 'Death without tocilizumab'
        when f.is_censored then 'Not resolved when last known'
        else 'CRS resolved without tocilizumab'
    end,
    t.start_s is null
from worst_episodes as f
left join treated as t
    on t.studyid = f.studyid and t.usubjid = f.usubjid and t.part = f.part and t.treatment = 'tocilizumab'
union all
select
    t.studyid, t.usubjid, t.part, p.paramcd, t.onset_s, t.onset_precision, t.start_s, t.start_precision, 0, p.event, false
from treated as t
join parameters as p on p.treatment = t.treatment
union all
select
    f.studyid, f.usubjid, f.part, 'TTMAX', f.onset_s, f.onset_precision, r.reached_s, r.reached_precision, 0,
    'First moment of the highest grade', false
from worst_episodes as f
join graded.reached_grades as r
    on r.studyid = f.studyid and r.usubjid = f.usubjid and r.source = f.source and r.scale = f.scale
    and r.episode = f.episode and r.at_least = f.grade
where r.reached_s is not null
union all
select
    e.studyid, e.usubjid, e.part, 'DOSETOCRS', e.dose_s, e.dose_precision, e.onset_s, e.onset_precision, 0,
    'First CRS, from the last dose before it', false
from analysis.observed_episodes as e
where e.place = 1
