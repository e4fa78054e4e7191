/*
grain: one row per cause of death recorded in DD
key: [studyid, usubjid, _file, _row]
description: Causes of death, with which of them is the primary one.
source: SDTMIG 3.4, DD; CDISC SDTM CT PRCDTH
*/
select
    dd.studyid,                                                     -- Study identifier
    dd.usubjid,                                                     -- Unique subject identifier
    dd._file,                                                       -- File the row came from
    dd._row,                                                        -- Row in that file
    upper(trim(dd.ddtestcd)) = 'PRCDTH' as is_primary,              -- Whether this is the primary cause
    upper(coalesce(nullif(trim(dd.ddstresc), ''), trim(dd.ddorres))) as cause -- Cause, upper case
from raw.dd as dd
