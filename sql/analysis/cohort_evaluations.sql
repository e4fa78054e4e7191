/*
grain: one row per cohort and treated subject in it, of studies with a stopping rule
key: [stratum, studyid, usubjid]
description: >
  Who has finished the window of the board's stopping rule, and who had its event. Cohorts are each whole study and each of its
  therapies and dose levels; a step-up dose is no cohort, since its observation ends with the next dose. Subjects are evaluated in
  the order in which their windows end, which is that of enrolment however staggered the cohorts are.
source: docs/statistics.md, "Stopping rule"
rules:
  - expect: column_values_to_not_be_null
    column: answer
*/
with events as (
    select r.studyid, r.usubjid, min(r.reached_s) as event_s
    from graded.reached_grades as r
    join graded.primary_grades as g on g.studyid = r.studyid and g.source = r.source and g.scale = r.scale
    join study.stopping_rules as k on k.studyid = r.studyid
    where r.at_least = k.at_least
    group by r.studyid, r.usubjid
),

-- CRS without a grade is still CRS.
onsets as (
    select e.studyid, e.usubjid, e.onset_s as event_s
    from analysis.observed_episodes as e
    join study.stopping_rules as k on k.studyid = e.studyid and k.at_least = 1
    where e.part = 'all' and e.place = 1
),

reached as (
    select events.* from events
    union all
    select onsets.* from onsets
),

firsts as (
    select f.studyid, f.usubjid, min(f.event_s) as event_s
    from reached as f
    group by f.studyid, f.usubjid
),

windows as (
    select
        s.studyid,
        s.usubjid,
        s.anchor_s + k.window_s as window_end_s,
        coalesce(f.event_s < s.anchor_s + k.window_s, false) as has_event,
        y.cut_s >= s.anchor_s + k.window_s as is_over,
        -- A last contact known only by its day reaches to 24:00.
        s.followed_until_s >= s.anchor_s + k.window_s - 86400 or coalesce(s.death_s < s.anchor_s + k.window_s, false) as is_told
    from staged.subjects as s
    join study.stopping_rules as k on k.studyid = s.studyid
    join study.studies as y on y.studyid = s.studyid
    left join firsts as f on f.studyid = s.studyid and f.usubjid = s.usubjid
    where s.saffl = 'Y'
),

answered as (
    select
        w.*,
        case
            when not w.is_over then 'in the window'
            when w.has_event then 'event'
            when w.is_told then 'no event'
            else 'lost in the window'
        end as answer
    from windows as w
),

cohorts as (
    select m.stratum, m.studyid, m.usubjid
    from analysis.members as m
    join analysis.strata as s on s.stratum = m.stratum
    where m.part = 'all' and (s.group1 is null or s.group1 in ('therapy', 'dose')) and s.group2 is null
)

select
    c.stratum,                                           -- Name of the stratum that is the cohort
    a.studyid,                                           -- Study identifier
    a.usubjid,                                           -- Unique subject identifier
    make_timestamp(a.window_end_s * 1000000) as window_end_dtm, -- End of the subject's window
    a.has_event,                                         -- Whether the event of the rule happened within the window, finished or not
    a.answer,                                            -- event, no event, in the window (not over at the data cut) or lost in the window (no event, not followed to its end)
    case
        when a.answer in ('event', 'no event') then row_number() over (
            partition by c.stratum, a.studyid, a.answer in ('event', 'no event')
            order by a.window_end_s nulls last, a.usubjid nulls last
        )
    end as place                                         -- Place among the evaluated subjects of the cohort, 1 for the first; empty for the others
from cohorts as c
join answered as a on a.studyid = c.studyid and a.usubjid = c.usubjid
