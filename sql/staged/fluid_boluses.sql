/*
grain: one row per record of an intravenous fluid
key: [_file, _row]
description: Intravenous fluids, of which those given for hypotension are boluses that say so.
source: docs/grading.md, section 2
*/
select
    d.subject,                                                       -- Number of the subject
    d.name,                                                          -- Name as coded, upper case
    d.dose,                                                          -- Volume as received, in dose_unit
    d.dose_unit,                                                     -- Unit of the volume as received, upper case
    d.start_s,                                                       -- Start, seconds since 1970-01-01
    d.start_precision,                                               -- Precision of the start: Y, M, D, h, m or s
    d.end_s,                                                         -- End, seconds since 1970-01-01
    d.begun_s,                                                       -- Start of the bolus it goes on with, by recorded ends, seconds since 1970-01-01
    d.end_precision,                                                 -- Precision of the end: Y, M, D, h, m or s
    d.end_imputed,                                                   -- Whether the end is not recorded
    d.is_ongoing,                                                    -- Whether it goes on beyond the end of follow-up
    case
        when d.why_not is not null then d.why_not
        when not d.is_intravenous then 'not given into a vein'
        when h.indication is null then 'not given for hypotension'
        when d.running_since_s < s.anchor_s then 'before the first dose'
    end as why_not,                                                  -- Why it says nothing of CRS; empty when it does
    d.cmseq,                                                         -- Sequence number
    d._file,                                                         -- File the row came from
    d._row                                                           -- Row in that file
from staged.crs_drugs as d
join staged.subjects as s on s.subject = d.subject
left join reference.hypotension_indications as h on h.indication = d.indication
where d.drug_class = 'fluid'
