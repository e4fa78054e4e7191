/*
grain: one row per subject with any dated record
key: [studyid, usubjid]
description: >
  The last moment at which a subject is known to have been alive or followed - the latest of all dated records. A
  date without a time reaches to the end of its day; a date without a day counts only from its earliest moment.
*/
with dated as (
    select studyid, usubjid, case when _rfpendtc_precision in ('D', 'h') then _rfpendtc_last + 1 else _rfpendtc_first end as seen_until_s
    from raw.dm
    union all
    select studyid, usubjid, case when _rfendtc_precision in ('D', 'h') then _rfendtc_last + 1 else _rfendtc_first end
    from raw.dm
    union all
    select studyid, usubjid, case when _rfxendtc_precision in ('D', 'h') then _rfxendtc_last + 1 else _rfxendtc_first end
    from raw.dm
    union all
    select studyid, usubjid, max(case when _exstdtc_precision in ('D', 'h') then _exstdtc_last + 1 else _exstdtc_first end)
    from raw.ex
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _exendtc_precision in ('D', 'h') then _exendtc_last + 1 else _exendtc_first end)
    from raw.ex
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _aestdtc_precision in ('D', 'h') then _aestdtc_last + 1 else _aestdtc_first end)
    from raw.ae
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _aeendtc_precision in ('D', 'h') then _aeendtc_last + 1 else _aeendtc_first end)
    from raw.ae
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _cestdtc_precision in ('D', 'h') then _cestdtc_last + 1 else _cestdtc_first end)
    from raw.ce
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _ceendtc_precision in ('D', 'h') then _ceendtc_last + 1 else _ceendtc_first end)
    from raw.ce
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _cmstdtc_precision in ('D', 'h') then _cmstdtc_last + 1 else _cmstdtc_first end)
    from raw.cm
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _cmendtc_precision in ('D', 'h') then _cmendtc_last + 1 else _cmendtc_first end)
    from raw.cm
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _prstdtc_precision in ('D', 'h') then _prstdtc_last + 1 else _prstdtc_first end)
    from raw.pr
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _prendtc_precision in ('D', 'h') then _prendtc_last + 1 else _prendtc_first end)
    from raw.pr
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _hostdtc_precision in ('D', 'h') then _hostdtc_last + 1 else _hostdtc_first end)
    from raw.ho
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _hoendtc_precision in ('D', 'h') then _hoendtc_last + 1 else _hoendtc_first end)
    from raw.ho
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _dsstdtc_precision in ('D', 'h') then _dsstdtc_last + 1 else _dsstdtc_first end)
    from raw.ds
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _fadtc_precision in ('D', 'h') then _fadtc_last + 1 else _fadtc_first end)
    from raw.fa
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _vsdtc_precision in ('D', 'h') then _vsdtc_last + 1 else _vsdtc_first end)
    from raw.vs
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _lbdtc_precision in ('D', 'h') then _lbdtc_last + 1 else _lbdtc_first end)
    from raw.lb
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _trdtc_precision in ('D', 'h') then _trdtc_last + 1 else _trdtc_first end)
    from raw.tr
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _rsdtc_precision in ('D', 'h') then _rsdtc_last + 1 else _rsdtc_first end)
    from raw.rs
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _qsdtc_precision in ('D', 'h') then _qsdtc_last + 1 else _qsdtc_first end)
    from raw.qs
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _ftdtc_precision in ('D', 'h') then _ftdtc_last + 1 else _ftdtc_first end)
    from raw.ft
    group by studyid, usubjid
    union all
    select studyid, usubjid, max(case when _midtc_precision in ('D', 'h') then _midtc_last + 1 else _midtc_first end)
    from raw.mi
    group by studyid, usubjid
    union all
    select studyid, usubjid, case when death_precision in ('Y', 'M') then death_s else death_end_s end
    from staged.deaths
)

select
    d.studyid,                                       -- Study identifier
    d.usubjid,                                       -- Unique subject identifier
    max(d.seen_until_s) as last_contact_end_s        -- End of the last contact, seconds since 1970-01-01
from dated as d
where d.seen_until_s is not null
group by d.studyid, d.usubjid
