/*
grain: one row per treated subject
key: [studyid, usubjid]
description: When study treatment began and ended, and how many doses were given. The first dose is time zero.
*/
select
    d.studyid,                                                                  -- Study identifier
    d.usubjid,                                                                  -- Unique subject identifier
    min(d.start_s) as anchor_s,                                                 -- First study dose, time zero, seconds since 1970-01-01
    max(d.end_s) as last_dose_end_s,                                            -- End of the last study dose, seconds since 1970-01-01
    max(d.start_s) as last_dose_s,                                              -- Start of the last study dose, seconds since 1970-01-01
    count(*) as doses,                                                          -- Number of study doses
    min(case when d.dose_number = 1 then d.start_precision end) as anchor_precision, -- Precision of the first dose: Y, M, D, h, m or s
    min(case when d.dose_number = 1 then d.treatment end) as first_treatment    -- Treatment of the first dose
from staged.doses as d
group by all
