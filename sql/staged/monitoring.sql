/*
grain: one row per subject with a temperature after the first dose
key: [subject]
description: >
  Whose temperature was taken after the first dose. Without one no fever can be seen, so that no sign is not
  the same as no CRS.
*/
select
    s.subject,                                         -- Number of the subject
    count(*) as temperatures                           -- Temperatures taken
from raw.vs as vs
join staged.subjects as s on s.studyid = vs.studyid and s.usubjid = vs.usubjid
where upper(trim(vs.vstestcd)) = 'TEMP' and vs._vsdtc_last >= s.anchor_s and vs._vsdtc_first < s.followed_until_s
    and coalesce(vs.vsstresn, try_cast(vs.vsstresc as double), try_cast(vs.vsorres as double)) is not null
group by s.subject
