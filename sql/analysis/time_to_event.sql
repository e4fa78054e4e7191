/*
grain: one row per observation and time-to-event parameter
key: [studyid, usubjid, part, paramcd]
description: >
  Times to the first CRS (any grade, 2 or more, 3 or more), from time zero, with death without it competing; and of the
  episode with the highest grade (the earliest of equals), from its onset, to its resolution, to tocilizumab, to corticosteroids and to its highest grade. Times are elapsed days; they are whole days wherever
  either end is known only by its day.
rules:
  - expect: column_values_to_be_between
    column: aval
    min_value: 0
  - expect: column_values_to_be_in_set
    column: cnsr
    value_set: [0, 1, 2]
*/
with parameters as (
    select 'TTCRS' as paramcd, 1 as at_least, 'First CRS' as event
    union all
    select 'TTCRS2', 2, 'First CRS of grade 2 or more'
    union all
    select 'TTCRS3', 3, 'First CRS of grade 3 or more'
),

events as (
    select e.studyid, e.usubjid, e.part, 1 as at_least, e.onset_s as event_s, e.onset_precision as event_precision
    from analysis.observed_episodes as e
    where e.place = 1
    union all
    select e.studyid, e.usubjid, e.part, r.at_least, r.reached_s, r.reached_precision
    from analysis.observed_episodes as e
    join graded.primary_grades as g on g.studyid = e.studyid
    join graded.reached_grades as r
        on r.studyid = e.studyid and r.usubjid = e.usubjid and r.source = g.source and r.scale = g.scale and r.episode = e.episode
    where r.at_least > 1
    qualify row_number() over (
        partition by e.studyid, e.usubjid, e.part, r.at_least order by r.reached_s nulls last
    ) = 1
),

followed as (
    select
        o.studyid,
        o.usubjid,
        o.part,
        o.origin_s,
        o.origin_precision,
        o.until_s,
        o.is_to_the_end and coalesce(s.dthfl = 'Y', false) as is_dead,
        coalesce(s.death_s, o.until_s) as death_s,
        coalesce(s.death_precision, 'D') as death_precision
    from analysis.observations as o
    join staged.subjects as s on s.studyid = o.studyid and s.usubjid = o.usubjid
),

from_dose as (
    select
        f.studyid,
        f.usubjid,
        f.part,
        p.paramcd,
        f.origin_s as from_s,
        f.origin_precision as from_precision,
        case
            when e.event_s is not null then e.event_s
            when f.is_dead then greatest(f.death_s, f.origin_s)
            -- A last contact known only by its day reaches to 24:00, which is the day after by name.
            when f.until_s % 86400 = 0 then greatest(f.until_s - 1, f.origin_s)
            else f.until_s
        end as to_s,
        case
            when e.event_s is not null then e.event_precision
            when f.is_dead then f.death_precision
            when f.until_s % 86400 = 0 then 'D'
            else 's'
        end as to_precision,
        case when e.event_s is not null then 0 when f.is_dead then 2 else 1 end as cnsr,
        case
            when e.event_s is not null then p.event
            when f.is_dead then 'Death without it'
            else 'Last contact, data cut, or a dose of another level'
        end as evntdesc
    from followed as f
    cross join parameters as p
    left join events as e
        on e.studyid = f.studyid and e.usubjid = f.usubjid and e.part = f.part and e.at_least = p.at_least
),

worst_episodes as (
    select
        e.studyid,
        e.usubjid,
        e.part,
        e.onset_s,
        e.onset_precision,
        e.end_s,
        e.end_precision,
        e.is_censored,
        r.reached_s as max_grade_s,
        r.reached_precision as max_grade_precision,
        t.start_s as toci_s,
        t.start_precision as toci_precision,
        c.start_s as steroid_s,
        c.start_precision as steroid_precision,
        e.outcome = 'fatal' or (e.is_ongoing and coalesce(s.dthfl = 'Y', false)) as is_dead
    from analysis.observed_episodes as e
    join staged.subjects as s on s.studyid = e.studyid and s.usubjid = e.usubjid
    join graded.primary_grades as g on g.studyid = e.studyid
    left join graded.reached_grades as r
        on r.studyid = e.studyid and r.usubjid = e.usubjid and r.source = g.source and r.scale = g.scale
        and r.episode = e.episode and r.at_least = e.grade
    left join graded.treatments as t
        on t.studyid = e.studyid and t.usubjid = e.usubjid and t.source = g.source and t.scale = g.scale
        and t.episode = e.episode and t.treatment = 'tocilizumab'
    left join graded.treatments as c
        on c.studyid = e.studyid and c.usubjid = e.usubjid and c.source = g.source and c.scale = g.scale
        and c.episode = e.episode and c.treatment = 'corticosteroids'
    where e.severity_place = 1
),

from_onset as (
    select
        f.studyid, f.usubjid, f.part, 'TTRES' as paramcd, f.onset_s as from_s, f.onset_precision as from_precision,
        f.end_s as to_s, f.end_precision as to_precision,
        case when f.is_dead then 2 when f.is_censored then 1 else 0 end as cnsr,
        case
            when f.is_dead then 'Death before resolution'
            when f.is_censored then 'Not resolved when last known'
            else 'CRS resolved'
        end as evntdesc
    from worst_episodes as f
    union all
    select
        f.studyid, f.usubjid, f.part, 'TTTOCI', f.onset_s, f.onset_precision,
        coalesce(f.toci_s, f.end_s), coalesce(f.toci_precision, f.end_precision),
        case when f.toci_s is not null then 0 when f.is_censored and not f.is_dead then 1 else 2 end,
        case
            when f.toci_s is not null then 'First tocilizumab in the episode'
            when f.is_dead then 'Death without tocilizumab'
            when f.is_censored then 'Not resolved when last known'
            else 'CRS resolved without tocilizumab'
        end
    from worst_episodes as f
    union all
    select
        f.studyid, f.usubjid, f.part, 'TTSTER', f.onset_s, f.onset_precision, f.steroid_s, f.steroid_precision, 0,
        'First corticosteroid in the episode'
    from worst_episodes as f
    where f.steroid_s is not null
    union all
    select
        f.studyid, f.usubjid, f.part, 'TTMAX', f.onset_s, f.onset_precision, f.max_grade_s, f.max_grade_precision, 0,
        'First moment of the highest grade'
    from worst_episodes as f
    where f.max_grade_s is not null
    union all
    select
        e.studyid, e.usubjid, e.part, 'DOSETOCRS', e.dose_s, e.dose_precision, e.onset_s, e.onset_precision, 0,
        'First CRS, from the last dose before it'
    from analysis.observed_episodes as e
    where e.place = 1
),

timed as (
    select
        b.*, b.to_precision in ('D', 'M', 'Y') or b.from_precision in ('D', 'M', 'Y') as is_whole,
        false as runs_to_an_end
    from from_dose as b
    union all
    select
        b.*, b.to_precision in ('D', 'M', 'Y') or b.from_precision in ('D', 'M', 'Y'),
        -- An end known only by its day is taken at 24:00, so that days are counted through it.
        b.paramcd = 'TTRES' or (b.paramcd = 'TTTOCI' and b.cnsr > 0)
    from from_onset as b
)

select
    b.studyid,                                          -- Study identifier
    b.usubjid,                                          -- Unique subject identifier
    b.part,                                             -- all, or the dose level
    b.paramcd,                                          -- Parameter: TTCRS, TTCRS2, TTCRS3, TTRES, TTTOCI, TTSTER, TTMAX or DOSETOCRS
    case
        when b.is_whole and b.runs_to_an_end then ceil((b.to_s - b.from_s) / 86400.0)
        when b.is_whole then floor(b.to_s / 86400.0) - floor(b.from_s / 86400.0)
        else (b.to_s - b.from_s) / 86400.0
    end as aval,                                        -- Elapsed days
    b.cnsr,                                             -- 0 event, 1 censored, 2 competing event
    b.evntdesc,                                         -- What happened
    b.from_s,                                           -- Start, seconds since 1970-01-01
    b.from_precision in ('M', 'Y') or b.to_precision in ('M', 'Y') as is_imputed, -- Whether either end is known only by its month or year
    b.to_s                                              -- Event or censoring, seconds since 1970-01-01
from timed as b
