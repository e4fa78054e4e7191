/*
grain: one row per sign of CRS and the record it comes from
key: [studyid, usubjid, source, sign, file, row, start_dtm]
description: Every interval that could speak of CRS, with whether it counted in an episode, and why not.
*/
select
    i.studyid,                                             -- Study identifier
    i.usubjid,                                             -- Unique subject identifier
    i.source,                                              -- Source of truth, reported or derived
    i.sign,                                                -- Sign: fever, hypotension, hypoxia or reported
    i.level_min,                                           -- Lowest level compatible with the record
    i.level_max,                                           -- Highest level compatible with the record
    make_timestamp(i.start_s * 1000000) as start_dtm,      -- Start
    make_timestamp(i.end_s * 1000000) as end_dtm,          -- End
    i.is_censored as end_imputed,                           -- Whether the end is not recorded but the last moment known
    c.episode is not null as counted,                      -- Whether it counted in an episode
    c.episode,                                             -- Episode in which it counted
    case
        when c.episode is not null then null
        when s.anchor_s is null then 'not treated'
        when i.start_s < s.anchor_s then 'before the first dose'
        when l.last_dose_s is not null and o.island is null then 'no onset within the onset window of a dose'
        else 'before onset'
    end as why_not,                                        -- Why it did not count
    i.domain,                                              -- Domain of the record
    i.seq,                                                 -- --SEQ of the record
    i._file as file,                                       -- File the row came from
    i._row as row                                          -- Row in that file
from graded.intervals as i
join staged.subjects as s on s.studyid = i.studyid and s.usubjid = i.usubjid
left join graded.islands as l
    on l.studyid = i.studyid and l.usubjid = i.usubjid and l.source = i.source and l.sign = i.sign
    and l._file = i._file and l._row = i._row and l.start_s = i.start_s
left join graded.onsets as o on o.studyid = l.studyid and o.usubjid = l.usubjid and o.source = l.source and o.island = l.island
left join (
    select distinct studyid, usubjid, source, sign, _file, _row, episode from graded.scored_intervals
) as c
    on c.studyid = i.studyid and c.usubjid = i.usubjid and c.source = i.source and c.sign = i.sign
    and c._file = i._file and c._row = i._row and c.episode = o.episode
