/*
grain: one row per record of a treatment that waives fever
key: [studyid, usubjid, file, row]
description: >
  Antipyretics, anticytokines and systemic corticosteroids, and whether one of them was the first in an episode, from which on
  hypotension and hypoxia counted without fever.
source: docs/grading.md, section 3
*/
with given as (
    select d._file, d._row, max(e.episode) as episode, max(case when w.waives_from_s = e.waived_s then 1 else 0 end) as waived
    from staged.crs_drugs as d
    join graded.onsets as e on e.subject = d.subject and e.source = 'derived'
    left join graded.waiving_drugs as w on w.subject = e.subject and w.onset_s = e.onset_s and w._file = d._file and w._row = d._row
    where d.waives_fever and d.start_s <= e.end_s and (d.end_s >= e.onset_s or w.subject is not null)
    group by d._file, d._row
)

select
    s.studyid,                                             -- Study identifier
    s.usubjid,                                             -- Unique subject identifier
    d.agent as drug,                                       -- The drug
    d.drug_class,                                          -- antipyretic, anticytokine or corticosteroid
    make_timestamp(d.start_s * 1000000) as start_dtm,      -- Start
    coalesce(w.waived, 0) = 1 as waived,                   -- Whether it was the first in an episode, and so waived fever
    w.episode,                                             -- Episode in which it was given
    case
        when w.waived = 1 then null
        when s.anchor_s is null then 'not treated'
        when d.start_s < s.anchor_s then 'before the first dose'
        when d.start_s >= s.followed_until_s then 'after the end of follow-up'
        when w.episode is not null and d.continues then 'continues what was given before'
        when w.episode is not null then 'before onset, or fever was waived already'
        else 'not within an episode'
    end as why_not,                                        -- Why it did not
    'CM' as domain,                                        -- Domain of the record
    cast(d.cmseq as bigint) as seq,                        -- --SEQ of the record
    d._file as file,                                       -- File the row came from
    d._row as row                                          -- Row in that file
from staged.crs_drugs as d
join staged.subjects as s on s.subject = d.subject
left join given as w on w._file = d._file and w._row = d._row
where d.waives_fever
