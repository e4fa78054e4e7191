/*
grain: one row per reading of a tumour burden measure
key: [studyid, usubjid, variable, domain, seq, value]
description: >
  Readings that study.yaml may name as the tumour burden, from TR, LB, RS, QS, FT, MI and SUPPDM. Where several assessors read
  the same tumour on one day, only readings with the accepted record flag count; where none is flagged, the investigator's, else all.
source: SDTMIG 3.4, TR, TRACPTFL
*/
with told as (
    select
        studyid, usubjid, 'TR.' || upper(trim(trtestcd)) as variable, 'TR' as domain, trseq as seq, trstresn as value,
        upper(trim(trstresu)) as unit, _trdtc_first as read_s, upper(trim(treval)) as evaluator, upper(trim(tracptfl)) as accepted
    from raw.tr
    union all
    select
        studyid, usubjid, 'LB.' || upper(trim(lbtestcd)), 'LB', lbseq, lbstresn,
        upper(trim(lbstresu)), _lbdtc_first, null, null
    from raw.lb
    union all
    select
        studyid, usubjid, 'RS.' || upper(trim(rstestcd)), 'RS', rsseq, rsstresn,
        upper(trim(rsstresu)), _rsdtc_first, upper(trim(rseval)), upper(trim(rsacptfl))
    from raw.rs
    union all
    select
        studyid, usubjid, 'QS.' || upper(trim(qstestcd)), 'QS', qsseq, qsstresn,
        upper(trim(qsstresu)), _qsdtc_first, null, null
    from raw.qs
    union all
    select
        studyid, usubjid, 'FT.' || upper(trim(fttestcd)), 'FT', ftseq, ftstresn,
        upper(trim(ftstresu)), _ftdtc_first, null, null
    from raw.ft
    union all
    select
        studyid, usubjid, 'MI.' || upper(trim(mitestcd)), 'MI', miseq, mistresn,
        upper(trim(mistresu)), _midtc_first, upper(trim(mieval)), upper(trim(miacptfl))
    from raw.mi
    union all
    select
        studyid, usubjid, 'SUPPDM.' || upper(trim(qnam)), 'DM', null, try_cast(trim(qval) as double), null, null, null, null
    from raw.supp
    where rdomain = 'DM'
),

asked as (
    select t.*, p.burden_unit
    from told as t
    join study.parameters as p on p.studyid = t.studyid and p.burden_variable = t.variable
    where t.value is not null
),

assessed as (
    select
        a.*,
        max(case when a.accepted = 'Y' then 1 else 0 end) over (
            partition by a.studyid, a.usubjid, floor(a.read_s / 86400.0)
        ) as any_accepted,
        max(case when a.evaluator = 'INVESTIGATOR' then 1 else 0 end) over (
            partition by a.studyid, a.usubjid, floor(a.read_s / 86400.0)
        ) as any_investigator
    from asked as a
)

select
    a.studyid,                                                                  -- Study identifier
    a.usubjid,                                                                  -- Unique subject identifier
    a.variable,                                                                 -- Variable, such as TR.SUMPPD
    a.domain,                                                                   -- Domain the reading is from
    a.seq,                                                                      -- --SEQ of the reading
    case
        when a.unit is null or a.unit = upper(trim(a.burden_unit)) then a.value
        else a.value * u.from_factor / u.to_factor
    end as value,                                                               -- Reading, in the unit of study.yaml; empty when its unit cannot be converted
    a.burden_unit as unit,                                                      -- Unit of study.yaml
    a.read_s                                                                    -- When it was read, seconds since 1970-01-01
from assessed as a
left join staged.unit_conversions as u on u.from_unit = a.unit and u.to_unit = upper(trim(a.burden_unit))
where
    case
        when a.any_accepted = 1 then a.accepted = 'Y'
        when a.any_investigator = 1 then a.evaluator = 'INVESTIGATOR'
        else true
    end
