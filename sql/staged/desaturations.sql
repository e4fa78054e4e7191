/*
grain: one row per reading of low oxygen saturation without support
key: [_file, _row]
description: Oxygen saturation below 90 % after the first dose at a time for which no respiratory support is recorded. It has no level; it is asked about.
source: docs/grading.md, section 2
*/
with low as (
    select s.subject, vs._vsdtc_first as taken_s, coalesce(vs.vsstresn, try_cast(vs.vsstresc as double), try_cast(vs.vsorres as double)) as value, vs.vsseq, vs._file, vs._row
    from raw.vs as vs
    join staged.subjects as s on s.studyid = vs.studyid and s.usubjid = vs.usubjid
    where
        upper(trim(vs.vstestcd)) = 'OXYSAT' and coalesce(vs.vsstresn, try_cast(vs.vsstresc as double), try_cast(vs.vsorres as double)) < 90
        and vs._vsdtc_last >= s.anchor_s and vs._vsdtc_first < s.followed_until_s
),

supported as (
    select distinct o._file, o._row
    from low as o
    join staged.respiratory_support as r on r.subject = o.subject and r.start_s <= o.taken_s and r.end_s > o.taken_s
)

select
    o.subject,                                         -- Number of the subject
    o.taken_s,                                         -- When it was taken, seconds since 1970-01-01
    o.value,                                           -- Oxygen saturation, %
    o.vsseq,                                           -- Sequence number
    o._file,                                           -- File the row came from
    o._row                                             -- Row in that file
from low as o
left join supported as p on p._file = o._file and p._row = o._row
where p._file is null
