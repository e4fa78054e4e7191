/*
grain: one row per interval that begins at or after the first dose
key: [studyid, usubjid, source, sign, _file, _row, start_s]
description: >
  Intervals gathered into islands: two belong together when the gap between them is no longer than episode_gap_days and
  no study dose began in it. A dose at the edge of the gap is in it.
source: docs/grading.md, section 4, steps 1 and 2
*/
with marks as (
    select
        i.studyid, i.usubjid, i.source, i.start_s as at_s, 1 as is_sign, i.end_s, i.sign, i._file, i._row,
        cast(null as bigint) as dose_s, cast(null as bigint) as dose_number
    from graded.intervals as i
    join staged.subjects as s on s.studyid = i.studyid and s.usubjid = i.usubjid
    where i.start_s >= s.anchor_s
    union all
    select d.studyid, d.usubjid, k.source, d.start_s, 0, null, null, null, null, d.start_s, d.dose_number
    from staged.doses as d
    join (select distinct studyid, usubjid, source from graded.intervals) as k
        on k.studyid = d.studyid and k.usubjid = d.usubjid
),

dosed as (
    select
        m.*,
        max(m.dose_s) over (
            partition by m.studyid, m.usubjid, m.source
            order by m.at_s nulls last, m.is_sign nulls last
            rows between unbounded preceding and current row
        ) as last_dose_s,
        max(m.dose_number) over (
            partition by m.studyid, m.usubjid, m.source
            order by m.at_s nulls last, m.is_sign nulls last
            rows between unbounded preceding and current row
        ) as last_dose_number
    from marks as m
),

preceded as (
    select
        d.*,
        max(d.end_s) over (
            partition by d.studyid, d.usubjid, d.source
            order by d.at_s nulls last, d.end_s nulls last, d._file nulls last, d._row nulls last, d.sign nulls last
            rows between unbounded preceding and 1 preceding
        ) as free_from_s
    from dosed as d
    where d.is_sign = 1
),

opened as (
    select
        p.*,
        case
            when p.free_from_s is null then 1
            when p.at_s - p.free_from_s > q.episode_gap_s then 1
            when p.at_s > p.free_from_s and p.last_dose_s >= p.free_from_s then 1
            else 0
        end as opens
    from preceded as p
    join study.parameters as q on q.studyid = p.studyid
)

select
    o.studyid,                               -- Study identifier
    o.usubjid,                               -- Unique subject identifier
    o.source,                                -- Source of truth, reported or derived
    o.sign,                                  -- Sign: fever, hypotension, hypoxia or reported
    o._file,                                 -- File the row came from
    o._row,                                  -- Row in that file
    o.at_s as start_s,                       -- Start, seconds since 1970-01-01
    sum(o.opens) over (
        partition by o.studyid, o.usubjid, o.source
        order by o.at_s nulls last, o.end_s nulls last, o._file nulls last, o._row nulls last, o.sign nulls last
        rows between unbounded preceding and current row
    ) as island,                             -- Number of the island within subject and source
    o.last_dose_s,                           -- Start of the last dose at or before the interval, seconds since 1970-01-01
    o.last_dose_number                       -- Number of that dose
from opened as o
