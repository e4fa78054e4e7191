/*
grain: one row per raw row that could be a sign of CRS
key: [domain, _file, _row]
description: >
  Whether each sign counted in an episode, and if not, why. Hypotension, hypoxia and organ toxicity count only during fever, or from
  when it is waived.
source: docs/grading.md, section 4
*/
with placed as (
    select r.domain, r._file, r._row, max(e.episode) as episode
    from graded.sign_records as r
    join graded.onsets as e on e.subject = r.subject and e.source = 'derived' and r.end_s > e.onset_s and r.start_s < e.end_s
    where r.why_not is null
    group by r.domain, r._file, r._row
),

allowed as (
    select distinct r.domain, r._file, r._row
    from graded.sign_records as r
    join graded.onsets as e on e.subject = r.subject and e.source = 'derived' and r.end_s > e.onset_s and r.start_s < e.end_s
    left join graded.stretches as t
        on t.subject = r.subject and t.feature = 'fever' and t.start_s < r.end_s and t.end_s > r.start_s and t.end_s > e.onset_s
    where r.why_not is null and (r.feature = 'fever' or t.subject is not null or r.end_s > e.waived_s)
),

gathered as (
    select distinct r.domain, r._file, r._row
    from graded.sign_records as r
    join graded.islands as i on i.subject = r.subject and i.source = 'derived' and r.start_s between i.start_s and i.end_s
    where r.why_not is null and i.onset_s is not null
)

select
    r.domain,                                                        -- Domain of the record
    r._file,                                                         -- File the row came from
    r._row,                                                          -- Row in that file
    case when a._file is not null then p.episode end as episode,     -- Episode in which it counted; empty when it did not
    case
        when r.why_not is not null then r.why_not
        when a._file is not null then null
        when p._file is not null then 'no fever then, and not waived'
        when r.sign not in ('fever', 'hypotension', 'hypoxia') then 'outside every episode'
        when g._file is not null then 'before onset'
        else 'no fever begins near it within the onset window of a dose'
    end as why_not                                                   -- Why it did not count
from graded.sign_records as r
left join placed as p on p.domain = r.domain and p._file = r._file and p._row = r._row
left join allowed as a on a.domain = r.domain and a._file = r._file and a._row = r._row
left join gathered as g on g.domain = r.domain and g._file = r._file and g._row = r._row
