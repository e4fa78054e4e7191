/*
grain: one row per record of an item of ICANS
key: [_file, _row]
description: >
  What ICANS is graded by, as recorded in QS, FT and FA - ICE or its parts, CAPD, consciousness, seizure, motor weakness and cerebral
  oedema. Which tests these are is in reference.icans_items and, before it, in study.yaml. A test that was not done is left out.
source: docs/grading.md, section 6; SDTMIG 3.4, QS, FT and FA
*/
with codes as (
    select y.studyid, n.name, n.item, 2 as preference
    from reference.icans_items as n
    cross join study.studies as y
    union all
    select m.studyid, m.value, m.key, 1
    from study.mappings as m
    where m.concept = 'icans'
),

named as (
    select c.studyid, c.name, c.item
    from codes as c
    qualify row_number() over (partition by c.studyid, c.name order by c.preference nulls last) = 1
),

recorded as (
    select
        studyid, usubjid, 'QS' as domain, qsseq as seq, qstestcd as testcd, qstest as test, qsstresc as standard, qsorres as collected,
        qsstresn as number, qsstat as status, _qsdtc_first as first_s, _qsdtc_last as last_s, _qsdtc_precision as prec, _file, _row
    from raw.qs
    union all
    select
        studyid, usubjid, 'FT', ftseq, fttestcd, fttest, ftstresc, ftorres,
        ftstresn, ftstat, _ftdtc_first, _ftdtc_last, _ftdtc_precision, _file, _row
    from raw.ft
    union all
    select
        studyid, usubjid, 'FA', faseq, fatestcd, fatest, fastresc, faorres,
        fastresn, fastat, _fadtc_first, _fadtc_last, _fadtc_precision, _file, _row
    from raw.fa
),

found as (
    select
        r.*,
        coalesce(c.item, t.item) as item,
        upper(trim(r.standard)) as standard_text,
        upper(trim(r.collected)) as collected_text
    from recorded as r
    left join named as c on c.studyid = r.studyid and c.name = upper(trim(r.testcd))
    left join named as t on t.studyid = r.studyid and t.name = upper(trim(r.test))
    where coalesce(c.item, t.item) is not null and coalesce(upper(trim(r.status)), 'DONE') <> 'NOT DONE'
)

select
    s.subject,                                                       -- Number of the subject
    f.domain,                                                        -- Domain of the record: QS, FT or FA
    cast(f.seq as bigint) as seq,                                    -- --SEQ of the record
    f.item,                                                          -- Item: ICE or a part of it, CAPD, CONSCIOUSNESS, SEIZURE, MOTOR or OEDEMA
    coalesce(f.number, try_cast(f.standard_text as double), try_cast(f.collected_text as double)) as value, -- Result as a number; empty when it is none
    coalesce(a.result, b.result) as result,                          -- Result as rules name it; empty when its text is not known
    coalesce(nullif(trim(f.standard), ''), f.collected) as written,  -- Result as received
    case
        when s.anchor_s between f.first_s and f.last_s then s.anchor_s
        else f.first_s
    end as taken_s,                                                  -- When it was assessed, the earliest the text allows but not before the first dose when it allows that, seconds since 1970-01-01
    f.prec as taken_precision,                                       -- Precision of that: Y, M, D, h, m or s
    f._file,                                                         -- File the row came from
    f._row                                                           -- Row in that file
from found as f
join staged.subjects as s on s.studyid = f.studyid and s.usubjid = f.usubjid
left join reference.icans_results as a on a.item = f.item and a.written = f.standard_text
left join reference.icans_results as b on b.item = f.item and b.written = f.collected_text
