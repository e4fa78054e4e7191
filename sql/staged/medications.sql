/*
grain: one row per medication record
key: [studyid, usubjid, _file, _row]
description: >
  Concomitant medications that were given, with their times and, for drugs that matter to CRS, the agent and its class.
source: SDTMIG 3.4, CM
*/
select
    cm.studyid,                                              -- Study identifier
    cm.usubjid,                                              -- Unique subject identifier
    cm.cmseq,                                                -- Sequence number
    cm._file,                                                -- File the row came from
    cm._row,                                                 -- Row in that file
    upper(coalesce(nullif(trim(cm.cmdecod), ''), trim(cm.cmtrt))) as name, -- Standardised name, or the reported one of an uncoded record, upper case
    d.agent,                                                 -- The drug, when it matters to CRS
    d.drug_class,                                            -- antipyretic, anticytokine, corticosteroid, vasopressor, vasopressin or inotrope
    upper(trim(cm.cmroute)) as route,                        -- Route of administration, upper case
    coalesce(upper(trim(cm.cmroute)), 'INTRAVENOUS') like 'INTRAVENOUS%' or coalesce(upper(trim(cm.cmroute)) = 'IV', false) as is_intravenous, -- Whether the route is intravenous, or not given
    case
        when d.drug_class = 'corticosteroid' and l.route is not null then null
        when
            d.drug_class in ('vasopressor', 'vasopressin') and not is_intravenous then null
        else d.treatment
    end as treatment, -- Treatment of CRS that reports count it as, when it is one
    coalesce(d.waives_fever, false) and (l.route is null or d.drug_class <> 'corticosteroid') as waives_fever, -- Whether giving it within an episode waives fever
    upper(trim(cm.cmindc)) as indication,                    -- Indication, upper case
    cm.cmdose as dose,                                       -- Dose, in dose_unit
    cm.cmdosu as dose_unit,                                  -- Unit of the dose
    case
        when
            s.anchor_s between cm._cmstdtc_first
            and least(cm._cmstdtc_last, coalesce(cm._cmendtc_last, cm._cmstdtc_last)) then s.anchor_s
        else cm._cmstdtc_first
    end as start_s,                                          -- Start, seconds since 1970-01-01
    cm._cmstdtc_first as start_first_s,                      -- Earliest start the text allows, seconds since 1970-01-01
    cm._cmstdtc_last as start_last_s,                        -- Latest start the text allows, seconds since 1970-01-01
    cm._cmstdtc_precision as start_precision,                -- Precision of the start: Y, M, D, h, m or s
    case
        when cm._cmendtc_precision in ('m', 's') then cm._cmendtc_first
        else cm._cmendtc_last + 1
    end as end_s,                                            -- End, 24:00 for a date without a time, seconds since 1970-01-01
    cm._cmendtc_precision as end_precision                   -- Precision of the end: Y, M, D, h, m or s
from raw.cm as cm
join staged.subjects as s on s.studyid = cm.studyid and s.usubjid = cm.usubjid
left join staged.drug_names as d
    on d.studyid = cm.studyid and d.name = upper(coalesce(nullif(trim(cm.cmdecod), ''), trim(cm.cmtrt)))
left join reference.local_routes as l on l.route = upper(trim(cm.cmroute))
where coalesce(upper(trim(cm.cmoccur)), 'Y') <> 'N' and coalesce(upper(trim(cm.cmstat)), 'DONE') <> 'NOT DONE'
