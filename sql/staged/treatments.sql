/*
grain: one row per record of a treatment that CRS may need
key: [studyid, usubjid, _file, _row]
description: >
  What reports count as treatment of CRS - drugs, respiratory support and intensive care, in one form. Support goes on
  until it ends; a drug counts when it is started.
*/
select
    m.studyid,                                                      -- Study identifier
    m.usubjid,                                                      -- Unique subject identifier
    m._file,                                                        -- File the row came from
    m._row,                                                         -- Row in that file
    m.treatment,                                                    -- tocilizumab, other_anticytokine, corticosteroids, vasopressors, respiratory_support or icu
    m.treatment = 'vasopressors' as is_support,                     -- Whether it goes on until it ends
    cast(null as bigint) as device_rank,                            -- Rank of respiratory support
    m.start_s,                                                      -- Start, seconds since 1970-01-01
    m.start_last_s,                                                 -- Latest start the text allows, seconds since 1970-01-01
    m.start_precision,                                              -- Precision of the start: Y, M, D, h, m or s
    m.end_s                                                         -- End, seconds since 1970-01-01
from staged.medications as m
where m.treatment is not null and m.start_s is not null
union all
select
    s.studyid, s.usubjid, r._file, r._row, 'respiratory_support', true, r.device_rank, r.start_s, r.start_last_s,
    r.start_precision, r.end_s
from staged.respiratory_support as r
join staged.subjects as s on s.subject = r.subject
where not r.is_for_another_reason
union all
select c.studyid, c.usubjid, c._file, c._row, 'icu', true, null, c.start_s, c.start_s, 's', c.end_s
from staged.intensive_care as c
where c.start_s is not null
