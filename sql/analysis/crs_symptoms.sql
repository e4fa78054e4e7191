/*
grain: one row per observation and symptom recorded during its CRS
key: [studyid, usubjid, part, symptom]
description: >
  Symptoms of CRS and organ dysfunction (reference.crs_symptoms) recorded in AE, CE or FA during an episode - adverse and clinical events
  that began in it, and findings about events (OCCUR, yes) made in it. A record dated only by its day counts on the day of onset.
*/
with told as (
    select e.studyid, e.usubjid, e.term, e.start_s, coalesce(e.start_precision, '') as precision
    from staged.adverse_events as e
    where e.occurred and e.start_s is not null
    union all
    select
        ce.studyid, ce.usubjid, upper(trim(coalesce(nullif(trim(ce.cedecod), ''), ce.ceterm))), ce._cestdtc_first,
        coalesce(ce._cestdtc_precision, '')
    from raw.ce as ce
    where coalesce(upper(trim(ce.ceoccur)), 'Y') <> 'N' and ce._cestdtc_first is not null
    union all
    select fa.studyid, fa.usubjid, upper(trim(fa.faobj)), fa._fadtc_first, coalesce(fa._fadtc_precision, '')
    from raw.fa as fa
    where
        upper(trim(fa.fatestcd)) = 'OCCUR' and upper(trim(coalesce(nullif(trim(fa.fastresc), ''), fa.faorres))) in ('Y', 'YES')
        and fa._fadtc_first is not null
)

select distinct
    e.studyid,                               -- Study identifier
    e.usubjid,                               -- Unique subject identifier
    e.part,                                  -- all, or the dose level
    s.symptom,                               -- Symptom or organ dysfunction
    s.organ                                  -- Organ system
from analysis.observed_episodes as e
join told as t on t.studyid = e.studyid and t.usubjid = e.usubjid
join reference.crs_symptoms as s on s.term = t.term
where
    t.start_s < e.end_s and t.precision not in ('Y', 'M')
    and case when t.precision = 'D' then floor(t.start_s / 86400.0) >= floor(e.onset_s / 86400.0) else t.start_s >= e.onset_s end
