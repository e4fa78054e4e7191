/*
grain: one row per biomarker result of a treated subject
key: [studyid, usubjid, file, row]
description: >
  Biomarkers of CRS by elapsed day. Interleukin 6 rises after tocilizumab, which blocks its receptor, so results after it are marked.
*/
with tocilizumab as (
    select m.studyid, m.usubjid, min(m.start_s) as start_s
    from staged.medications as m
    join staged.subjects as s on s.studyid = m.studyid and s.usubjid = m.usubjid
    where m.agent = 'tocilizumab'
    group by m.studyid, m.usubjid
)

select
    b.studyid,                                                                     -- Study identifier
    b.usubjid,                                                                     -- Unique subject identifier
    b.testcd,                                                                      -- Biomarker: IL6, IL10, IFNG, FERRITIN, CRP, LDH, PLAT (platelets) or CREAT (creatinine)
    b.value,                                                                       -- Result, in unit
    b.unit,                                                                        -- Unit, upper case
    b.censored,                                                                    -- < or > when the result lies beyond the limit of the assay
    floor(b.taken_s / 86400.0) - floor(s.anchor_s / 86400.0) as day,               -- Elapsed days from the first dose, 0 on its day
    make_timestamp(b.taken_s * 1000000) as taken_dtm,                              -- When it was taken, the earliest moment its text allows
    coalesce(t.start_s < b.taken_s, false) as post_tocilizumab,                    -- Whether tocilizumab had been given
    b.lbseq as seq,                                                                -- LBSEQ of the record
    b._file as file,                                                               -- File the row came from
    b._row as row                                                                  -- Row in that file
from staged.biomarkers as b
join staged.subjects as s on s.studyid = b.studyid and s.usubjid = b.usubjid
left join tocilizumab as t on t.studyid = b.studyid and t.usubjid = b.usubjid
where s.saffl = 'Y'
