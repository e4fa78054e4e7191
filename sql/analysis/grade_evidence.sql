/*
grain: one row per episode, scale and raw row that sets its grade
key: [studyid, usubjid, source, scale, episode, domain, file, row, variable]
description: Why an episode has its grade - the raw rows that reach the grade of the analysis, with the variable and the value they hold.
*/
with setting as (
    select i.*, e.grade as analysis_grade
    from graded.scored_intervals as i
    join graded.episodes as e
        on e.studyid = i.studyid and e.usubjid = i.usubjid and e.source = i.source and e.scale = i.scale and e.episode = i.episode
    where i.source = 'reported' and (i.grade_max = least(e.grade, 4) or not i.is_graded or e.grade = 5)
)

select
    s.studyid,                                                       -- Study identifier
    s.usubjid,                                                       -- Unique subject identifier
    s.source,                                                        -- Source of truth, reported or derived
    s.scale,                                                         -- Grading scale
    s.episode,                                                       -- Number of the episode, 1 for the first
    case when s.analysis_grade = 5 then 'reported.fatal' else 'reported.grade' end as rule_id, -- Rule that makes it count
    s.analysis_grade as grade,                                       -- Grade of the episode
    s.domain,                                                        -- Domain of the record
    s.seq,                                                           -- --SEQ of the record
    case when s.domain = 'AE' then 'AETOXGR' else 'FASTRESC' end as variable, -- Variable that holds the grade
    case when s.domain = 'AE' then a.aetoxgr else coalesce(f.fastresc, f.faorres) end as value, -- Its value, as received
    make_timestamp(s.start_s * 1000000) as start_dtm,                -- Start of the interval
    make_timestamp(s.end_s * 1000000) as end_dtm,                    -- End of the interval
    s._file as file,                                                 -- File the row came from
    s._row as row                                                    -- Row in that file
from setting as s
left join raw.ae as a on s.domain = 'AE' and a._file = s._file and a._row = s._row
left join raw.fa as f on s.domain = 'FA' and f._file = s._file and f._row = s._row
