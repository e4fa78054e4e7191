/*
grain: one row per subject in DM
key: [studyid, usubjid]
description: The therapy of each subject, by the classes of study.yaml; the first class that matches wins, and no match is Missing.
*/
select
    dm.studyid,                                     -- Study identifier
    dm.usubjid,                                     -- Unique subject identifier
    coalesce(c.therapy, 'Missing') as therapy,      -- Therapy as reports name it
    v.value as told_by                              -- The value that told it
from raw.dm as dm
join study.parameters as p on p.studyid = dm.studyid
left join staged.subject_values as v
    on v.studyid = dm.studyid and v.usubjid = dm.usubjid and v.variable = p.therapy_variable
left join study.therapy_classes as c on c.studyid = v.studyid and c.value = v.value
qualify row_number() over (partition by dm.studyid, dm.usubjid order by c.position nulls last) = 1
