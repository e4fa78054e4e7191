/*
grain: one row per observation and time-to-event parameter
key: [studyid, usubjid, part, paramcd]
description: >
  From time zero to the first CRS as in analysis.onset_times, but with re-treatment and new anticancer therapy
  competing as well as death - a sensitivity analysis. CRS on the day of a change dated by its day counts as CRS.
rules:
  - expect: column_values_to_be_in_set
    column: cnsr
    value_set: [0, 1, 2, 3]
*/
with compared as (
    select
        t.*,
        c.change,
        c.change_s,
        c.change_precision,
        coalesce(case when t.cnsr = 0 then c.change_last_s < t.to_s else c.change_s <= t.to_s end, false) as is_changed
    from analysis.onset_times as t
    left join analysis.treatment_changes as c
        on c.studyid = t.studyid and c.usubjid = t.usubjid and c.part = t.part
)

select
    c.studyid,                                                                        -- Study identifier
    c.usubjid,                                                                        -- Unique subject identifier
    c.part,                                                                           -- all, or the dose level
    case c.paramcd when 'TTCRS' then 'TTCRSX' when 'TTCRS2' then 'TTCRSX2' else 'TTCRSX3' end as paramcd, -- Parameter: TTCRSX, TTCRSX2 or TTCRSX3
    c.from_s,                                                                         -- Start, seconds since 1970-01-01
    c.from_precision,                                                                 -- Precision of the start: Y, M, D, h, m or s
    case when c.is_changed then c.change_s else c.to_s end as to_s,                   -- Event or censoring, seconds since 1970-01-01
    case when c.is_changed then c.change_precision else c.to_precision end as to_precision, -- Precision of that: Y, M, D, h, m or s
    case when c.is_changed then 3 else c.cnsr end as cnsr,                            -- 0 event, 1 censored, 2 death without it, 3 change of treatment without it
    case when c.is_changed then c.change else c.evntdesc end as evntdesc              -- What happened
from compared as c
