/*
grain: one row per adverse event record
key: [studyid, usubjid, _file, _row]
description: >
  Adverse events with their times and grades as numbers. A partial start is the earliest moment it allows, but not
  before the first dose when the same text allows that; a partial end is the latest moment.
source: SDTMIG 3.4, AE; admiral derive_vars_dtm, date_imputation first with min_dates
*/
select
    ae.studyid,                                              -- Study identifier
    ae.usubjid,                                              -- Unique subject identifier
    ae.aeseq,                                                -- Sequence number
    ae._file,                                                -- File the row came from
    ae._row,                                                 -- Row in that file
    upper(trim(coalesce(nullif(trim(ae.aedecod), ''), ae.aeterm))) as term, -- Dictionary-derived term, or the reported term of an uncoded event, upper case
    g.grade,                                                 -- Toxicity grade from AETOXGR, 0-5; AESEV never stands in for it
    o.outcome,                                               -- Outcome as reports name it
    coalesce(upper(trim(ae.aeout)) = 'FATAL', false)
    or coalesce(upper(trim(ae.aesdth)) = 'Y', false) as is_fatal, -- Whether the record says the event was fatal
    case
        when
            s.anchor_s between ae._aestdtc_first
            and least(ae._aestdtc_last, coalesce(ae._aeendtc_last, ae._aestdtc_last)) then s.anchor_s
        else ae._aestdtc_first
    end as start_s,                                          -- Start, seconds since 1970-01-01
    ae._aestdtc_precision as start_precision,                -- Precision of the start: Y, M, D, h, m or s
    case
        when ae._aeendtc_precision in ('m', 's') then ae._aeendtc_first
        else ae._aeendtc_last + 1
    end as end_s,                                            -- End, 24:00 for a date without a time, seconds since 1970-01-01
    ae._aeendtc_precision as end_precision,                  -- Precision of the end: Y, M, D, h, m or s
    coalesce(o.is_over, false) as is_over,                   -- Whether AEOUT says the event had ended
    coalesce(upper(trim(ae.aeoccur)), 'Y') <> 'N' as occurred -- Whether the event occurred; a pre-specified one may not have
from raw.ae as ae
join staged.subjects as s on s.studyid = ae.studyid and s.usubjid = ae.usubjid
left join reference.toxicity_grades as g on g.written = upper(trim(ae.aetoxgr))
left join reference.ae_outcomes as o on o.aeout = upper(trim(ae.aeout))
