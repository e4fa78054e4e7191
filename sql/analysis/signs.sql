/*
grain: one row per sign of CRS and the record it comes from
key: [studyid, usubjid, source, domain, file, row]
description: Every raw row that could speak of CRS, with whether it counted in an episode, and why not.
*/
with found as (
    select
        r.subject, 'derived' as source, r.sign, r.level_min, r.level_max, r.finding, r.start_s, r.end_s, r.end_imputed,
        f.episode, f.why_not, r.domain, r.seq, r._file, r._row
    from graded.sign_records as r
    join graded.sign_fates as f on f.domain = r.domain and f._file = r._file and f._row = r._row
    union all
    select
        s.subject, 'reported', 'reported', least(coalesce(r.grade, 1), 5), least(coalesce(r.grade, 4), 5),
        'CRS grade ' || coalesce(cast(r.grade as varchar), 'not given'), r.start_s, r.end_s, r.is_censored, c.episode,
        case
            when c.episode is not null then null
            when s.anchor_s is null then 'not treated'
            when r.start_s < s.anchor_s then 'before the first dose'
            when i.onset_s is not null then 'before onset'
            else 'no onset within the onset window of a dose'
        end,
        r.domain, cast(r.seq as bigint), r._file, r._row
    from graded.reported_intervals as r
    join staged.subjects as s on s.studyid = r.studyid and s.usubjid = r.usubjid
    left join graded.islands as i on i.subject = s.subject and i.source = 'reported' and r.start_s between i.start_s and i.end_s
    left join graded.counted_records as c on c.domain = r.domain and c._file = r._file and c._row = r._row
)

select
    s.studyid,                                             -- Study identifier
    s.usubjid,                                             -- Unique subject identifier
    f.source,                                              -- Source of truth, reported or derived
    f.sign,                                                -- Sign: fever, hypotension, hypoxia, transaminases, bilirubin, creatinine, coagulopathy or reported
    f.level_min,                                           -- Lowest level compatible with the record
    f.level_max,                                           -- Highest level compatible with the record
    f.finding,                                             -- What the record says
    make_timestamp(f.start_s * 1000000) as start_dtm,      -- Start
    make_timestamp(f.end_s * 1000000) as end_dtm,          -- End
    f.end_imputed,                                         -- Whether the end is not recorded
    f.episode is not null as counted,                      -- Whether it counted in an episode
    f.episode,                                             -- Episode in which it counted
    f.why_not,                                             -- Why it did not count
    f.domain,                                              -- Domain of the record
    f.seq,                                                 -- --SEQ of the record
    f._file as file,                                       -- File the row came from
    f._row as row                                          -- Row in that file
from found as f
join staged.subjects as s on s.subject = f.subject
