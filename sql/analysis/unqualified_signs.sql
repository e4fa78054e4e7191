/*
grain: one row per sign that belongs to no episode
key: [studyid, usubjid, source, domain, file, row]
description: Signs of CRS outside every episode, each with the reason.
*/
select
    s.studyid,         -- Study identifier
    s.usubjid,         -- Unique subject identifier
    s.source,          -- Source of truth, reported or derived
    s.sign,            -- Sign: fever, hypotension, hypoxia, transaminases, bilirubin, creatinine, coagulopathy or reported
    s.level_min,       -- Lowest level compatible with the record
    s.level_max,       -- Highest level compatible with the record
    s.finding,         -- What the record says
    s.start_dtm,       -- Start
    s.end_dtm,         -- End
    s.end_imputed,     -- Whether the end is not recorded but the last moment known
    s.counted,         -- Whether it counted in an episode: never
    s.why_not,         -- Why it did not count
    s.domain,          -- Domain of the record
    s.seq,             -- --SEQ of the record
    s.file,            -- File the row came from
    s.row              -- Row in that file
from analysis.signs as s
where not s.counted
