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
)

select
    d.studyid,                                       -- Study identifier
    d.usubjid,                                       -- Unique subject identifier
    max(d.seen_until_s) as last_contact_end_s        -- End of the last contact, seconds since 1970-01-01
from dated as d
where d.seen_until_s is not null
group by d.studyid, d.usubjid
