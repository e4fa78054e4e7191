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
    make_timestamp(t.to_s * 1000000) as adtm,              -- Event or censoring
    p.param,                                               -- Parameter, in words
    p.paramn,                                              -- Number of the parameter
    s.arm as trtp,                                         -- Planned treatment: the planned arm
    s.actarm as trta,                                      -- Actual treatment: the actual arm
    s.saffl,                                               -- Safety population flag: at least one study dose
    cast(make_timestamp(t.from_s * 1000000) as date) as startdt, -- Date of time zero
    cast(make_timestamp(
        (
            t.to_s
            - case
                when t.to_s % 86400 = 0 and t.to_s > t.from_s and (t.paramcd = 'TTRES' or (t.paramcd = 'TTTOCI' and t.cnsr > 0)) then 1
                else 0
            end
        ) * 1000000
    ) as date) as adt                                      -- Date of event or censoring; an end of CRS at 24:00 belongs to the day it closes
from analysis.time_to_event as t
join reference.time_parameters as p on p.paramcd = t.paramcd
join staged.subjects as s on s.studyid = t.studyid and s.usubjid = t.usubjid
where t.part = 'all'
