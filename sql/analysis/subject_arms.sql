/*
grain: one row per treated subject
key: [studyid, usubjid]
description: The planned arm of each treated subject, with its study before it when several are pooled, for arms of two studies are never one.
*/
select
    a.studyid,                                                   -- Study identifier
    a.usubjid,                                                   -- Unique subject identifier
    case when (select count(*) from study.studies) > 1 then a.studyid || ': ' else '' end
    || coalesce(nullif(trim(a.arm), ''), 'Missing') as arm       -- Planned arm, or Missing
from analysis.adsl as a
where a.saffl = 'Y'
