/*
grain: one row per treated subject, biomarker and moment with a result
key: [studyid, usubjid, marker, moment]
description: >
  One value of each biomarker of CRS a moment - baseline (the last result not after the first dose), each elapsed day to day 28 (the
  highest of the day), the peak (the highest after the first dose to day 28) and the last one before the first onset. Interleukin 6 is
  apart before and after tocilizumab, which blocks its receptor; its peak is that before.
*/
with results as (
    select
        b.studyid,
        b.usubjid,
        case when b.testcd <> 'IL6' then b.testcd when b.post_tocilizumab then 'IL6 after tocilizumab' else 'IL6 before tocilizumab' end as marker,
        b.value,
        b.censored,
        case when b.censored = '<' then -1 when b.censored = '>' then 1 else 0 end as side,
        b.day,
        s.taken_s,
        -- A result dated only by its day is taken at its beginning.
        s.taken_s <= z.anchor_s as is_before,
        b.file,
        b.row
    from analysis.biomarkers as b
    join staged.biomarkers as s on s.studyid = b.studyid and s.usubjid = b.usubjid and s._file = b.file and s._row = b.row
    join staged.subjects as z on z.studyid = b.studyid and z.usubjid = b.usubjid
    join reference.biomarkers as k on k.testcd = b.testcd and k.position is not null
    where b.value is not null and s.taken_s is not null
),

onsets as (
    select e.studyid, e.usubjid, e.onset_s
    from analysis.observed_episodes as e
    where e.part = 'all' and e.place = 1
),

moments as (
    select r.*, 'baseline' as moment, r.taken_s as late, 0.0 as high from results as r
    where r.is_before
    union all
    select r.*, 'day ' || cast(cast(r.day as bigint) as varchar), 0, r.value from results as r
    where not r.is_before and r.day between 0 and 28
    union all
    select r.*, 'peak', 0, r.value from results as r
    where not r.is_before and r.day between 0 and 28 and r.marker <> 'IL6 after tocilizumab'
    union all
    select r.*, 'before onset', r.taken_s, 0.0 from results as r
    join onsets as o on o.studyid = r.studyid and o.usubjid = r.usubjid
    where r.taken_s < o.onset_s and r.marker <> 'IL6 after tocilizumab'
)

select
    m.studyid,                               -- Study identifier
    m.usubjid,                               -- Unique subject identifier
    m.marker,                                -- Biomarker; interleukin 6 apart before and after tocilizumab
    m.moment,                                -- baseline, day 0 to day 28, peak or before onset
    m.value,                                 -- Result, in the unit of reference.biomarkers; the limit where it is censored
    m.censored                               -- < or > when the result lies beyond the limit of the assay
from moments as m
qualify row_number() over (
    partition by m.studyid, m.usubjid, m.marker, m.moment
    order by m.late desc nulls last, m.side * case when m.moment in ('baseline', 'before onset') then 0 else 1 end desc nulls last, m.high desc nulls last, m.file nulls last, m.row nulls last
) = 1
