/*
grain: one row per treated subject and time-to-event parameter
key: [studyid, usubjid, paramcd]
description: Time-to-event analysis dataset, over the whole treatment. TTRES and TTTOCI are of the episode with the highest grade, the earliest of equals, of subjects with CRS.
source: ADaM BDS for time-to-event analyses 1.0; CNSR 2 is a competing event
*/
select
    t.studyid,                                             -- Study identifier
    t.usubjid,                                             -- Unique subject identifier
    t.paramcd,                                             -- Parameter: TTCRS, TTCRS2, TTCRS3, TTRES or TTTOCI
    t.aval,                                                -- Elapsed days
    t.cnsr,                                                -- 0 event, 1 censored, 2 competing event
    t.evntdesc,                                            -- What happened
    t.is_imputed as imputed,                               -- Whether either end is known only by its month or year
    make_timestamp(t.from_s * 1000000) as startdtm,        -- Time zero of the parameter
    make_timestamp(t.to_s * 1000000) as adtm               -- Event or censoring
from analysis.time_to_event as t
where t.part = 'all' and t.paramcd in ('TTCRS', 'TTCRS2', 'TTCRS3', 'TTRES', 'TTTOCI')
