/*
grain: one row per procedure record
key: [studyid, usubjid, _file, _row]
description: Procedures that were done, with their times and, for respiratory support, the device and its rank.
source: SDTMIG 3.4, PR; CDISC SDTM CT 2025-03-28 PROCEDUR
*/
select
    pr.studyid,                                              -- Study identifier
    pr.usubjid,                                              -- Unique subject identifier
    pr.prseq,                                                -- Sequence number
    pr._file,                                                -- File the row came from
    pr._row,                                                 -- Row in that file
    coalesce(t.name, upper(coalesce(nullif(trim(pr.prdecod), ''), trim(pr.prtrt)))) as name, -- Standardised name, or the reported one, upper case
    coalesce(t.device, d.device) as device,                                              -- Respiratory support, as reports name it
    coalesce(t.rank, d.rank) as device_rank,                                   -- Order of support, 1 for the least
    upper(trim(pr.prindc)) as indication,                    -- Indication, upper case
    pr.prdose as flow,                                       -- Oxygen flow, in flow_unit
    upper(trim(pr.prdosu)) as flow_unit,                     -- Unit of the flow
    case
        when
            s.anchor_s between pr._prstdtc_first
            and least(pr._prstdtc_last, coalesce(pr._prendtc_last, pr._prstdtc_last)) then s.anchor_s
        else pr._prstdtc_first
    end as start_s,                                          -- Start, seconds since 1970-01-01
    pr._prstdtc_last as start_last_s,                        -- Latest start the text allows, seconds since 1970-01-01
    pr._prstdtc_precision as start_precision,                -- Precision of the start: Y, M, D, h, m or s
    case
        when pr._prendtc_precision in ('m', 's') then pr._prendtc_first
        else pr._prendtc_last + 1
    end as end_s,                                            -- End, 24:00 for a date without a time, seconds since 1970-01-01
    pr._prendtc_precision as end_precision                   -- Precision of the end: Y, M, D, h, m or s
from raw.pr as pr
join staged.subjects as s on s.studyid = pr.studyid and s.usubjid = pr.usubjid
left join staged.device_names as d
    on d.studyid = pr.studyid and d.name = upper(coalesce(nullif(trim(pr.prdecod), ''), trim(pr.prtrt)))
-- Where the code is of oxygen only, the reported name may tell the device.
left join staged.device_names as t
    on d.device = 'oxygen without a device' and t.studyid = pr.studyid and t.name = upper(trim(pr.prtrt)) and t.device <> d.device
where coalesce(upper(trim(pr.proccur)), 'Y') <> 'N' and coalesce(upper(trim(pr.prstat)), 'DONE') <> 'NOT DONE'
