/*
grain: one row per observation in which treatment changed
key: [studyid, usubjid, part]
description: >
  The first change of treatment after time zero within each observation - re-treatment, which is a study dose after a pause
  longer than the time after a dose in which CRS may begin, or new anticancer therapy. A further dose within that time is
  the treatment as planned. After a change CRS is no longer plainly that of the treatment studied.
*/
with spaced as (
    select
        d.studyid,
        d.usubjid,
        d.start_s,
        d.start_precision,
        lag(d.start_s) over (partition by d.studyid, d.usubjid order by d.start_s nulls last) as previous_s
    from staged.doses as d
),

changes as (
    select
        d.studyid,
        d.usubjid,
        'Re-treatment' as change,
        d.start_s as change_s,
        d.start_s + case d.start_precision when 'D' then 86399 when 'h' then 3599 when 'm' then 59 else 0 end as change_last_s,
        d.start_precision as change_precision
    from spaced as d
    join study.parameters as p on p.studyid = d.studyid
    where d.start_s > d.previous_s + p.onset_window_s
    union all
    select t.studyid, t.usubjid, 'New anticancer therapy', t.start_s, t.start_last_s, t.start_precision
    from staged.new_anticancer_therapies as t
)

select
    o.studyid,                         -- Study identifier
    o.usubjid,                         -- Unique subject identifier
    o.part,                            -- all, or the dose level
    c.change,                          -- Re-treatment or New anticancer therapy
    c.change_s,                        -- When, seconds since 1970-01-01
    c.change_last_s,                   -- Latest moment the text allows, seconds since 1970-01-01
    c.change_precision                 -- Precision of that: D, h, m or s
from analysis.observations as o
join changes as c on c.studyid = o.studyid and c.usubjid = o.usubjid
-- What is dated by the day of time zero cannot be known to have come after it.
where c.change_s > o.origin_s and c.change_s < o.until_s
qualify row_number() over (
    partition by o.studyid, o.usubjid, o.part order by c.change_s nulls last, c.change nulls last, c.change_precision nulls last
) = 1
