/*
grain: one row per study
key: [studyid]
description: >
  The scale on which the investigator graded CRS - as study.yaml names it, else as SUPPAE (AETOXSC) of the CRS events does, when
  all of them agree, else not stated. It is never assumed.
*/
with told as (
    select s.studyid, min(s.qval) as scale, count(distinct s.qval) as scales
    from raw.supp as s
    join raw.ae as ae on ae.studyid = s.studyid and ae.usubjid = s.usubjid and ae.aeseq = s.parent_seq
    join study.terms as t
        on t.studyid = ae.studyid and t.concept = 'crs'
        and t.term = upper(trim(coalesce(nullif(trim(ae.aedecod), ''), ae.aeterm)))
    where s.rdomain = 'AE' and upper(trim(s.qnam)) = 'AETOXSC'
    group by s.studyid
)

select
    p.studyid,                                                       -- Study identifier
    coalesce(p.reported_scale, case when t.scales = 1 then t.scale end, 'not stated') as scale -- Grading scale
from study.parameters as p
left join told as t on t.studyid = p.studyid
