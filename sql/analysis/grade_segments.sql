/*
grain: one row per stretch of an episode with one grade
key: [studyid, usubjid, source, scale, episode, start_dtm]
description: The grade over time, in stretches that tile each episode.
*/
select
    g.studyid,                                             -- Study identifier
    g.usubjid,                                             -- Unique subject identifier
    g.source,                                              -- Source of truth, reported or derived
    g.scale,                                               -- Grading scale
    g.episode,                                             -- Number of the episode, 1 for the first
    make_timestamp(g.start_s * 1000000) as start_dtm,      -- Start
    make_timestamp(g.end_s * 1000000) as end_dtm,          -- End
    g.grade,                                               -- Grade, 0-4; empty where the records give none
    g.fever,                                               -- Level of fever; empty for reported grades
    g.hypotension,                                         -- Level of hypotension; empty for reported grades
    g.hypoxia                                              -- Level of hypoxia; empty for reported grades
from graded.grade_segments as g
