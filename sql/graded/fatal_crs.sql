/*
grain: one row per subject whose CRS is reported fatal
key: [studyid, usubjid]
description: >
  Subjects whose CRS is reported fatal, by the adverse event record or as the primary cause of death, and when they died.
  A death without any date is taken at the end of follow-up.
source: docs/grading.md, section 4, step 8
*/
with told as (
    select r.studyid, r.usubjid from graded.reported_intervals as r where r.is_fatal
    union
    select c.studyid, c.usubjid
    from staged.causes_of_death as c
    join study.terms as t on t.studyid = c.studyid and t.concept = 'crs' and t.term = c.cause
    where c.is_primary
)

select
    t.studyid,                                                          -- Study identifier
    t.usubjid,                                                          -- Unique subject identifier
    coalesce(s.death_end_s, s.followed_until_s) as death_end_s,         -- Latest moment of the death, seconds since 1970-01-01
    coalesce(s.death_precision, 'D') as death_precision                 -- Precision of the death: Y, M, D, h, m or s
from told as t
join staged.subjects as s on s.studyid = t.studyid and s.usubjid = t.usubjid
join raw.dm as dm on dm.studyid = t.studyid and dm.usubjid = t.usubjid
-- A death after the data cut has not happened yet.
where s.death_end_s is not null or dm._dthdtc_first is null or dm._dthdtc_first <= s.cut_s
