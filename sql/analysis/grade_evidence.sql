/*
grain: one row per episode, scale, rule and raw row that sets its grade
key: [studyid, usubjid, source, scale, episode, rule_id, domain, file, row]
description: Why an episode has its grade - the raw rows that reach the grade of the analysis, with the rule, the variable and the value they hold.
source: docs/grading.md, section 7
*/
with found as (
    select
        v.subject, 'derived' as source, v.scale, v.episode, v.rule_id, v.domain, r.seq, v._file, v._row,
        coalesce(r.finding, d.name) as finding, coalesce(r.start_s, d.start_s) as start_s, coalesce(r.end_s, d.end_s) as end_s
    from graded.evidence as v
    left join graded.sign_records as r on r.domain = v.domain and r._file = v._file and r._row = v._row
    left join staged.crs_drugs as d on v.domain = 'CM' and d._file = v._file and d._row = v._row
    union all
    select
        c.subject, 'reported', e.scale, c.episode, case when e.grade = 5 and r.is_fatal then 'reported.fatal' else 'reported.grade' end,
        c.domain, c.seq, c._file, c._row, null, c.start_s, c.end_s
    from graded.counted_records as c
    join graded.episodes as e on e.subject = c.subject and e.source = 'reported' and e.episode = c.episode
    join graded.reported_intervals as r on r.domain = c.domain and r._file = c._file and r._row = c._row
    where c.grade_max = least(e.grade, 4) or not c.is_graded or e.grade = 5
    union all
    select
        e.subject, 'derived', e.scale, e.episode, 'reported.fatal', r.domain, r.seq, r._file, r._row, null, r.start_s, r.end_s
    from graded.episodes as e
    join graded.reported_intervals as r on r.studyid = e.studyid and r.usubjid = e.usubjid and r.is_fatal
    where e.source = 'derived' and e.grade = 5
),

meanings as (
    select r.rule_id, r.meaning from reference.crs_rules as r
    union all
    select 'onset', 'The first fever, within the onset window of a dose'
    union all
    select 'waiver', 'Waived fever, so that hypotension and hypoxia counted without it'
    union all
    select 'reported.grade', 'The grade the investigator gave'
    union all
    select 'reported.fatal', 'CRS reported as fatal'
)

select
    s.studyid,                                                       -- Study identifier
    s.usubjid,                                                       -- Unique subject identifier
    f.source,                                                        -- Source of truth, reported or derived
    f.scale,                                                         -- Grading scale
    f.episode,                                                       -- Number of the episode, 1 for the first
    f.rule_id,                                                       -- Rule that makes it count (reference/crs_rules.csv), onset, waiver or reported
    m.meaning,                                                       -- What the rule means
    e.grade,                                                         -- Grade of the episode
    f.domain,                                                        -- Domain of the record
    cast(coalesce(f.seq, cm.cmseq) as bigint) as seq,                -- --SEQ of the record
    case f.domain
        when 'AE' then 'AETOXGR'
        when 'FA' then 'FASTRESC'
        when 'VS' then 'VSSTRESC'
        when 'LB' then 'LBSTRESC'
        when 'PR' then 'PRDECOD'
        else 'CMDECOD'
    end as variable,                                                 -- Variable that holds it
    case f.domain
        when 'AE' then a.aetoxgr
        when 'FA' then coalesce(g.fastresc, g.faorres)
        when 'VS' then coalesce(vs.vsstresc, vs.vsorres) || ' ' || coalesce(vs.vsstresu, vs.vsorresu, '')
        when 'LB' then coalesce(lb.lbstresc, lb.lborres) || ' ' || coalesce(lb.lbstresu, lb.lborresu, '')
        when 'PR' then coalesce(pr.prdecod, pr.prtrt)
        else coalesce(cm.cmdecod, cm.cmtrt)
    end as value,                                                    -- Its value, as received
    f.finding,                                                       -- What the record says
    make_timestamp(f.start_s * 1000000) as start_dtm,                -- Start of the interval
    make_timestamp(f.end_s * 1000000) as end_dtm,                    -- End of the interval
    f._file as file,                                                 -- File the row came from
    f._row as row                                                    -- Row in that file
from found as f
join staged.subjects as s on s.subject = f.subject
join graded.episodes as e on e.subject = f.subject and e.source = f.source and e.scale = f.scale and e.episode = f.episode
left join meanings as m on m.rule_id = f.rule_id
left join raw.ae as a on f.domain = 'AE' and a._file = f._file and a._row = f._row
left join raw.fa as g on f.domain = 'FA' and g._file = f._file and g._row = f._row
left join raw.vs as vs on f.domain = 'VS' and vs._file = f._file and vs._row = f._row
left join raw.lb as lb on f.domain = 'LB' and lb._file = f._file and lb._row = f._row
left join raw.pr as pr on f.domain = 'PR' and pr._file = f._file and pr._row = f._row
left join raw.cm as cm on f.domain = 'CM' and cm._file = f._file and cm._row = f._row
