/*
grain: one row per treated subject and part of the treatment
key: [studyid, usubjid, part]
description: >
  From when to when each subject is observed: over the whole treatment (part "all"), and, where doses are divided by their
  number, from the first dose of each level to the first later dose of another level. Every analysis is made on these.
*/
with stepped as (
    select
        d.studyid,
        d.usubjid,
        l.dose_level,
        min(d.start_s) as origin_s,
        min(d.start_precision) as origin_precision
    from staged.doses as d
    join staged.dose_levels as l on l.studyid = d.studyid and l.usubjid = d.usubjid and l.dose_number = d.dose_number
    join study.parameters as p on p.studyid = d.studyid
    where p.dose_by = 'dose_number'
    group by d.studyid, d.usubjid, l.dose_level
),

followed_by as (
    select t.*, lead(t.origin_s) over (partition by t.studyid, t.usubjid order by t.origin_s nulls last) as next_origin_s
    from stepped as t
)

select
    s.studyid,                                          -- Study identifier
    s.usubjid,                                          -- Unique subject identifier
    'all' as part,                                      -- all, or the dose level
    s.anchor_s as origin_s,                             -- Time zero, seconds since 1970-01-01
    s.anchor_precision as origin_precision,             -- Precision of time zero: Y, M, D, h, m or s
    s.followed_until_s as until_s,                      -- End of observation, seconds since 1970-01-01
    true as is_to_the_end                               -- Whether observation reaches the end of follow-up
from staged.subjects as s
where s.saffl = 'Y'
union all
select
    f.studyid, f.usubjid, f.dose_level, f.origin_s, f.origin_precision,
    least(s.followed_until_s, coalesce(f.next_origin_s, s.followed_until_s)),
    f.next_origin_s is null or f.next_origin_s >= s.followed_until_s
from followed_by as f
join staged.subjects as s on s.studyid = f.studyid and s.usubjid = f.usubjid
