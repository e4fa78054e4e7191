/*
grain: one row per subject who died
key: [studyid, usubjid]
description: >
  Deaths, from DM, or where DM gives no date, from a fatal adverse event, the disposition or the death details, in this order.
  Whether the sources agree is asked in analysis.queries.
source: SDTMIG 3.4, DM, AE, DS, DD
*/
with told as (
    select studyid, usubjid, 1 as preference, _dthdtc_first as first_s, _dthdtc_last as last_s, _dthdtc_precision as prec
    from raw.dm
    where upper(trim(dthfl)) = 'Y' or _dthdtc_first is not null
    union all
    select studyid, usubjid, 2, _aeendtc_first, _aeendtc_last, _aeendtc_precision
    from raw.ae
    where upper(trim(aeout)) = 'FATAL' or upper(trim(aesdth)) = 'Y'
    union all
    select studyid, usubjid, 3, _dsstdtc_first, _dsstdtc_last, _dsstdtc_precision
    from raw.ds
    where upper(trim(dsdecod)) = 'DEATH'
    union all
    select studyid, usubjid, 4, _dddtc_first, _dddtc_last, _dddtc_precision
    from raw.dd
),

preferred as (
    select t.studyid, t.usubjid, t.preference, t.first_s, t.last_s, t.prec
    from told as t
    qualify row_number() over (
        partition by t.studyid, t.usubjid
        order by case when t.first_s is null then 1 else 0 end, t.preference, t.first_s nulls last
    ) = 1
)

select
    p.studyid,                                                                  -- Study identifier
    p.usubjid,                                                                  -- Unique subject identifier
    p.first_s as death_s,                                                       -- Earliest moment of the death, seconds since 1970-01-01
    -- A death without a date has no end either: least() would pass over it.
    case
        when p.first_s is not null
            then least(case when p.prec in ('m', 's') then p.first_s else p.last_s + 1 end, s.cut_s + 1)
    end as death_end_s, -- Latest moment of the death, seconds since 1970-01-01
    p.prec as death_precision,                                                  -- Precision of the death: Y, M, D, h, m or s
    p.preference                                                                -- Where the date is from: 1 DM, 2 AE, 3 DS, 4 DD
from preferred as p
join study.studies as s on s.studyid = p.studyid
-- A death after the data cut has not happened yet.
where p.first_s is null or p.first_s <= s.cut_s
