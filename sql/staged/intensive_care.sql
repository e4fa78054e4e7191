/*
grain: one row per stay in intensive care
key: [studyid, usubjid, _file, _row]
description: Stays in intensive care, from healthcare encounters.
source: SDTMIG 3.4, HO
*/
select
    ho.studyid,                                              -- Study identifier
    ho.usubjid,                                              -- Unique subject identifier
    ho._file,                                                -- File the row came from
    ho._row,                                                 -- Row in that file
    ho._hostdtc_first as start_s,                            -- Start, seconds since 1970-01-01
    coalesce(ho._hoendtc_last + 1, s.followed_until_s) as end_s -- End, or the end of follow-up, seconds since 1970-01-01
from raw.ho as ho
join staged.subjects as s on s.studyid = ho.studyid and s.usubjid = ho.usubjid
where
    coalesce(upper(trim(ho.hooccur)), 'Y') <> 'N'
    and upper(coalesce(nullif(trim(ho.hodecod), ''), trim(ho.hoterm))) in ('INTENSIVE CARE UNIT', 'INTENSIVE CARE', 'ICU')
