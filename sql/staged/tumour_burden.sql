/*
grain: one row per subject in DM
key: [studyid, usubjid]
description: >
  The baseline tumour burden, the last reading not after the first dose, and its level. A cut by median or tertiles is
  made within each study, over treated subjects with a value; quantiles are type 2 (averaged at steps), and a value
  at a cut-point belongs to the level above. No value is Missing.
source: Hyndman RJ, Fan Y. Am Stat 1996;50(4):361-365, definition 2
*/
with baseline as (
    select b.studyid, b.usubjid, b.value, b.unit
    from staged.burden_readings as b
    join staged.subjects as s on s.studyid = b.studyid and s.usubjid = b.usubjid
    where
        b.value is not null
        -- A reading dated only by its day counts on the day of the infusion: scans precede the infusion that day.
        and (b.read_s is null or s.anchor_s is null or floor(b.read_s / 86400.0) <= floor(s.anchor_s / 86400.0))
    qualify row_number() over (
        partition by b.studyid, b.usubjid order by b.read_s desc nulls last, b.seq desc nulls last, b.value desc
    ) = 1
),

ranked as (
    select
        b.studyid,
        b.value,
        row_number() over (partition by b.studyid order by b.value nulls last) as place,
        count(*) over (partition by b.studyid) as subjects
    from baseline as b
    join staged.subjects as s on s.studyid = b.studyid and s.usubjid = b.usubjid
    where s.saffl = 'Y'
),

parts as (
    select p.studyid, 1 as part, 2 as out_of from study.parameters as p where p.burden_cut_kind = 'median'
    union all
    select p.studyid, 1, 3 from study.parameters as p where p.burden_cut_kind = 'tertiles'
    union all
    select p.studyid, 2, 3 from study.parameters as p where p.burden_cut_kind = 'tertiles'
),

quantiles as (
    select q.studyid, q.part, avg(r.value) as cut
    from parts as q
    join ranked as r on r.studyid = q.studyid
    where
        r.place = floor(r.subjects * q.part / q.out_of::double) + 1
        or (r.subjects * q.part % q.out_of = 0 and r.place = floor(r.subjects * q.part / q.out_of::double))
    group by all
),

cuts as (
    select studyid, cut from quantiles
    union all
    select p.studyid, p.burden_cut from study.parameters as p where p.burden_cut_kind = 'value'
),

divided as (
    select
        b.studyid,
        b.usubjid,
        b.value,
        b.unit,
        -- A median of nobody is no cut, and without one there is no level.
        case when k.studyid is not null then 1 + count(c.cut) end as part
    from baseline as b
    left join (select distinct studyid from cuts) as k on k.studyid = b.studyid
    left join cuts as c on c.studyid = b.studyid and b.value >= c.cut
    group by b.studyid, b.usubjid, b.value, b.unit, k.studyid
)

select
    s.studyid,                                                              -- Study identifier
    s.usubjid,                                                              -- Unique subject identifier
    d.value as tumour_burden,                                               -- Baseline tumour burden, in tumour_burden_unit
    d.unit as tumour_burden_unit,                                           -- Unit of the tumour burden
    coalesce(l.tumour_burden_level, 'Missing') as tumour_burden_level       -- Tumour burden level as reports name it
from staged.subjects as s
left join divided as d on d.studyid = s.studyid and d.usubjid = s.usubjid
left join study.burden_levels as l on l.studyid = d.studyid and l.part = d.part
