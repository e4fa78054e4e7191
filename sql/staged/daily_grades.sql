/*
grain: one row per toxicity grade of an event recorded in FA
key: [studyid, usubjid, _file, _row]
description: >
  Toxicity grades that the investigator gave at a visit or day, apart from the adverse event record. A grade holds from
  its time to the end of its day.
source: SDTMIG 3.4, FA; CDISC SDTM CT TOXGR C82528
*/
select
    fa.studyid,                                              -- Study identifier
    fa.usubjid,                                              -- Unique subject identifier
    fa.faseq,                                                -- Sequence number
    fa._file,                                                -- File the row came from
    fa._row,                                                 -- Row in that file
    upper(trim(fa.faobj)) as term,                           -- Event that was graded, upper case
    g.grade,                                                 -- Toxicity grade, 0-5
    case
        when s.anchor_s between fa._fadtc_first and fa._fadtc_last then s.anchor_s
        else fa._fadtc_first
    end as start_s,                                          -- Start, seconds since 1970-01-01
    fa._fadtc_precision as precision,                        -- Precision of the time: Y, M, D, h, m or s
    (floor(fa._fadtc_first / 86400.0) + 1) * 86400 as end_s  -- End of that day, seconds since 1970-01-01
from raw.fa as fa
join staged.subjects as s on s.studyid = fa.studyid and s.usubjid = fa.usubjid
left join reference.toxicity_grades as g on g.written = upper(coalesce(nullif(trim(fa.fastresc), ''), trim(fa.faorres)))
where upper(trim(fa.fatestcd)) = 'TOXGR' and coalesce(upper(trim(fa.fastat)), 'DONE') <> 'NOT DONE'
