/*
grain: one row per record of an item of ICANS, the parts of one ICE being one
key: [_file, _row]
description: >
  The items of ICANS, with the parts of ICE summed where no total can be read. Of a part recorded twice at one moment the lower counts.
source: docs/grading.md, section 6
*/
with totals as (
    select distinct i.subject, i.taken_s
    from staged.icans_items as i
    where i.item = 'ICE' and (i.value is not null or i.result is not null)
),

parts as (
    select
        i.*,
        case when i.value between 0 and p.points and i.value = floor(i.value) then i.value end as points,
        row_number() over (
            partition by i.subject, i.taken_s order by p.points desc nulls last, i.item nulls last, i._file nulls last, i._row nulls last
        ) as place
    from staged.icans_items as i
    join reference.icans_parts as p on p.item = i.item
    left join totals as t on t.subject = i.subject and t.taken_s = i.taken_s
    where t.subject is null
),

lowest as (
    select p.subject, p.taken_s, p.item, min(p.points) as points
    from parts as p
    where p.points is not null
    group by p.subject, p.taken_s, p.item
),

all_parts as (
    select count(*) as parts from reference.icans_parts
),

sums as (
    select l.subject, l.taken_s, sum(l.points) as value, count(*) as parts
    from lowest as l
    group by l.subject, l.taken_s
)

select
    i.subject,                                   -- Number of the subject
    i.domain,                                    -- Domain of the record: QS, FT or FA
    i.seq,                                       -- --SEQ of the record
    i.item,                                      -- Item: ICE, CAPD, CONSCIOUSNESS, SEIZURE, MOTOR or OEDEMA
    i.value,                                     -- Value, of the parts of ICE their sum; empty when it is no number
    i.result,                                    -- Result as rules name it; empty when its text is not known
    i.written,                                   -- Result as received, or the sum
    false as is_sum,                             -- Whether it is made of the parts of ICE, of which the first stands here
    i.taken_s,                                   -- When it was assessed, seconds since 1970-01-01
    i.taken_precision,                           -- Precision of that: Y, M, D, h, m or s
    i._file,                                     -- File the row came from
    i._row                                       -- Row in that file
from staged.icans_items as i
left join reference.icans_parts as p on p.item = i.item
where p.item is null
union all
select
    p.subject, p.domain, p.seq, 'ICE', case when n.parts is not null then s.value end, null,
    case when n.parts is not null then cast(cast(s.value as integer) as varchar) end, true, p.taken_s, p.taken_precision, p._file, p._row
from parts as p
left join sums as s on s.subject = p.subject and s.taken_s = p.taken_s
left join all_parts as n on n.parts = s.parts
where p.place = 1
