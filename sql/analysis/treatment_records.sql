/*
grain: one row per record of a treatment that CRS may need, of a treated subject
key: [studyid, usubjid, file, row]
description: >
  Every record of tocilizumab, other anticytokines, corticosteroids, vasopressors, respiratory support and intensive care, with
  the drug or device as recorded, and the occasion by the primary grades.
*/
with primary_episodes as (
    select e.studyid, e.usubjid, e.episode, e.onset_s, e.end_s
    from graded.episodes as e
    join graded.primary_grades as g on g.studyid = e.studyid and g.source = e.source and g.scale = e.scale
),

during as (
    select t.studyid, t.usubjid, t._file, t._row, min(e.episode) as episode
    from staged.treatments as t
    join primary_episodes as e on e.studyid = t.studyid and e.usubjid = t.usubjid
    where
        (t.start_s < e.end_s or t.start_s = e.onset_s)
        and t.start_precision not in ('Y', 'M')
        and (t.start_last_s >= e.onset_s or (t.is_support and coalesce(t.end_s, e.end_s) > e.onset_s))
    group by t.studyid, t.usubjid, t._file, t._row
),

first_onsets as (
    select e.studyid, e.usubjid, min(e.onset_s) as onset_s from primary_episodes as e group by e.studyid, e.usubjid
)

select
    t.studyid,                                                     -- Study identifier
    t.usubjid,                                                     -- Unique subject identifier
    t.treatment,                                                   -- tocilizumab, other_anticytokine, corticosteroids, vasopressors, respiratory_support or icu
    coalesce(
        nullif(trim(cm.cmdecod), ''), nullif(trim(cm.cmtrt), ''), nullif(trim(pr.prdecod), ''), nullif(trim(pr.prtrt), '')
    ) as name,                                                     -- Drug, device or procedure as recorded; empty for a stay in HO
    make_timestamp(t.start_s * 1000000) as start_dtm,              -- Start
    t.start_precision as start_prec,                               -- Precision of the start: Y, M, D, h, m or s
    make_timestamp(t.end_s * 1000000) as end_dtm,                  -- End; empty when it is not recorded
    floor(t.start_s / 86400.0) - floor(s.anchor_s / 86400.0) as start_day, -- Elapsed days from the first dose, 0 on its day
    d.episode,                                                     -- Episode in which it was given, the first of several
    case
        when t.start_last_s < s.anchor_s then 'before the first dose'
        when d.episode is not null then 'during CRS'
        when t.start_last_s < f.onset_s then 'before onset'
        else 'at another time'
    end as occasion,                                               -- before the first dose, before onset, during CRS or at another time
    case when cm._row is not null then 'CM' when pr._row is not null then 'PR' else 'HO' end as domain, -- Domain of the record
    coalesce(cm.cmseq, pr.prseq, ho.hoseq) as seq,                 -- --SEQ of the record
    t._file as file,                                               -- File the row came from
    t._row as row                                                  -- Row in that file
from staged.treatments as t
join staged.subjects as s on s.studyid = t.studyid and s.usubjid = t.usubjid
left join during as d on d.studyid = t.studyid and d.usubjid = t.usubjid and d._file = t._file and d._row = t._row
left join first_onsets as f on f.studyid = t.studyid and f.usubjid = t.usubjid
left join raw.cm as cm on cm.studyid = t.studyid and cm.usubjid = t.usubjid and cm._file = t._file and cm._row = t._row
left join raw.pr as pr on pr.studyid = t.studyid and pr.usubjid = t.usubjid and pr._file = t._file and pr._row = t._row
left join raw.ho as ho on ho.studyid = t.studyid and ho.usubjid = t.usubjid and ho._file = t._file and ho._row = t._row
where s.saffl = 'Y'
