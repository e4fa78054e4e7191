/*
grain: one row per observation and time-to-event parameter
key: [studyid, usubjid, part, paramcd]
description: >
  Times to events in elapsed days, from time zero (analysis.onset_times, and analysis.unchanged_times where treatment changed) and
  within the episode with the highest grade (analysis.episode_times). They are whole days wherever either end is known only by its day.
rules:
  - expect: column_values_to_be_between
    column: aval
    min_value: 0
  - expect: column_values_to_be_in_set
    column: cnsr
    value_set: [0, 1, 2, 3]
*/
with times as (
    select
        o.studyid, o.usubjid, o.part, o.paramcd, o.from_s, o.from_precision, o.to_s, o.to_precision, o.cnsr, o.evntdesc,
        false as runs_to_an_end
    from analysis.onset_times as o
    union all
    select
        u.studyid, u.usubjid, u.part, u.paramcd, u.from_s, u.from_precision, u.to_s, u.to_precision, u.cnsr, u.evntdesc,
        false
    from analysis.unchanged_times as u
    union all
    select
        e.studyid, e.usubjid, e.part, e.paramcd, e.from_s, e.from_precision, e.to_s, e.to_precision, e.cnsr, e.evntdesc,
        e.runs_to_an_end
    from analysis.episode_times as e
),

timed as (
    select t.*, t.to_precision in ('D', 'M', 'Y') or t.from_precision in ('D', 'M', 'Y') as is_whole from times as t
)

select
    b.studyid,                                          -- Study identifier
    b.usubjid,                                          -- Unique subject identifier
    b.part,                                             -- all, or the dose level
    b.paramcd,                                          -- Parameter: TTCRS, TTCRS2, TTCRS3, their sensitivity TTCRSX, TTCRSX2, TTCRSX3, TTRES, TTTOCI, TTSTER, TTANTI, TTVASO, TTRESP, TTICU, TTMAX or DOSETOCRS
    case
        -- An end known only by its day is taken at 24:00, so that days are counted through it.
        when b.is_whole and b.runs_to_an_end then ceil((b.to_s - b.from_s) / 86400.0)
        when b.is_whole then floor(b.to_s / 86400.0) - floor(b.from_s / 86400.0)
        else (b.to_s - b.from_s) / 86400.0
    end as aval,                                        -- Elapsed days
    b.cnsr,                                             -- 0 event, 1 censored, 2 competing event, 3 change of treatment, which competes too
    b.evntdesc,                                         -- What happened
    b.from_s,                                           -- Start, seconds since 1970-01-01
    b.from_precision in ('M', 'Y') or b.to_precision in ('M', 'Y') as is_imputed, -- Whether either end is known only by its month or year
    b.to_s                                              -- Event or censoring, seconds since 1970-01-01
from timed as b
