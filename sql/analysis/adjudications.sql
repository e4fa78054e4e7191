/*
grain: one row per subject, source, scale and episode whose grade was adjudicated
key: [studyid, usubjid, source, scale, episode]
description: >
  Grades that people adjudicated, beside those that are reported and derived, which they never replace. The other source's episode is
  the one that overlaps; of several the one with the highest grade.
source: docs/study-folder.md, Adjudicated grades
*/
with beside as (
    select
        a.studyid, a.usubjid, a.source, a.scale, a.episode,
        max(case when e.source = 'reported' then e.grade end) as reported_grade,
        max(case when e.source = 'derived' then e.grade end) as derived_grade
    from graded.adjudications as a
    join graded.episodes as e
        on e.studyid = a.studyid and e.usubjid = a.usubjid
        -- The investigator graded on one scale only.
        and (e.source = 'reported' or e.scale = a.scale)
        and case
            when e.source = a.source then e.episode = a.episode
            else e.onset_s < a.end_s and a.onset_s < e.end_s
        end
    group by all
)

select
    a.studyid,                                       -- Study identifier
    a.usubjid,                                       -- Unique subject identifier
    a.source,                                        -- Source of truth whose episode was adjudicated, reported or derived
    a.scale,                                         -- Grading scale
    a.episode,                                       -- Number of the episode, 1 for the first
    make_timestamp(e.onset_s * 1000000) as astdtm,   -- Onset of the episode
    a.grade as adjudicated_grade,                    -- Grade adjudicated, 1-5; 0 for no CRS
    b.reported_grade,                                -- Reported grade; empty when there is none
    r.scale as reported_scale,                       -- Scale of the reported grade; empty when it is not known
    b.derived_grade,                                 -- Derived grade on the scale of the adjudication; empty when there is none
    a.reason,                                        -- Why
    a.adjudicator,                                   -- Who decided
    a.adjudicated_at,                                -- When, ISO 8601 as written
    a.line                                           -- Line of adjudication.csv
from study.adjudications as a
join graded.adjudications as e
    on e.studyid = a.studyid and e.usubjid = a.usubjid
    and e.source = a.source and e.scale = a.scale and e.episode = a.episode
left join beside as b
    on b.studyid = a.studyid and b.usubjid = a.usubjid
    and b.source = a.source and b.scale = a.scale and b.episode = a.episode
left join staged.reported_scale as r on r.studyid = a.studyid
