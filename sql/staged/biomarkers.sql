/*
grain: one row per biomarker result
key: [studyid, usubjid, _file, _row]
description: >
  Biomarkers of CRS from LB, in one unit each. A result below or above the limits of the assay keeps the limit as its
  value and says on which side it lies. A value whose unit cannot be converted is empty.
source: SDTMIG 3.4, LB
*/
with results as (
    select
        lb.studyid, lb.usubjid, lb._file, lb._row, lb.lbseq, b.testcd, b.unit as wanted,
        case
            when substr(trim(coalesce(lb.lbstresc, lb.lborres)), 1, 1) in ('<', '>')
                then substr(trim(coalesce(lb.lbstresc, lb.lborres)), 1, 1)
        end as censored,
        coalesce(
            lb.lbstresn,
            try_cast(replace(replace(replace(trim(coalesce(lb.lbstresc, lb.lborres)), '<', ''), '>', ''), '=', '') as double)
        ) as value,
        upper(trim(coalesce(nullif(trim(lb.lbstresu), ''), lb.lborresu))) as unit,
        lb._lbdtc_first as taken_s,
        lb._lbdtc_precision as taken_precision
    from raw.lb as lb
    join reference.biomarkers as b on b.lbtestcd = upper(trim(lb.lbtestcd))
    where coalesce(upper(trim(lb.lbstat)), 'DONE') <> 'NOT DONE'
)

select
    r.studyid,                                       -- Study identifier
    r.usubjid,                                       -- Unique subject identifier
    r._file,                                         -- File the row came from
    r._row,                                          -- Row in that file
    r.lbseq,                                         -- Sequence number
    r.testcd,                                        -- Biomarker: IL6, IL10, IFNG, FERRITIN, CRP, LDH, PLAT or CREAT
    case
        when r.unit = r.wanted then r.value
        else r.value * u.from_factor / u.to_factor
    end as value,                                    -- Result, in unit
    r.wanted as unit,                                -- Unit, upper case
    r.censored,                                      -- < or > when the result lies beyond the limit of the assay
    r.taken_s,                                       -- When it was taken, seconds since 1970-01-01
    r.taken_precision                                -- Precision of that: Y, M, D, h, m or s
from results as r
left join staged.unit_conversions as u on u.from_unit = r.unit and u.to_unit = r.wanted
