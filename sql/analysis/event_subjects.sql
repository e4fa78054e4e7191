/*
grain: one row per observation, event level and kind of event that the subject had
key: [studyid, usubjid, part, soc, pt, kind]
description: >
  Treatment-emergent adverse events of each treated subject - any at all, by system organ class and by preferred term, and of which
  kind; and the worst toxicity grade of each, known grades before missing ones. An event belongs to the observation in which it
  began; soc or pt is empty text where all are taken together.
*/
with written as (
    select
        a.studyid,
        a.usubjid,
        coalesce(nullif(trim(a.aebodsys), ''), nullif(trim(a.aesoc), ''), 'Not coded') as soc,
        coalesce(nullif(trim(a.aedecod), ''), trim(a.aeterm) || ' (not coded)', 'Not coded') as pt,
        a.aetoxgrn,
        upper(trim(a.aeser)) = 'Y' as is_serious,
        a.aetoxgrn >= 3 as is_severe,
        c.is_related,
        coalesce(a.aetoxgrn = 5, false) or coalesce(upper(trim(a.aesdth)) = 'Y', false) or coalesce(upper(trim(a.aeout)) = 'FATAL', false) as is_fatal,
        a.astdtm
    from analysis.adae as a
    left join reference.causality_terms as c on c.written = upper(trim(a.aerel))
    where a.trtemfl = 'Y' and coalesce(upper(trim(a.aeoccur)), 'Y') <> 'N'
),

-- A term is one however it is spelled; of its spellings the last in the order of letters is shown.
classes as (
    select upper(w.soc) as soc_key, max(w.soc) as soc from written as w group by upper(w.soc)
),

terms as (
    select upper(w.pt) as pt_key, max(w.pt) as pt from written as w group by upper(w.pt)
),

emergent as (
    select
        w.studyid, w.usubjid, c.soc, t.pt, nullif(w.aetoxgrn, 0) as aetoxgrn, w.is_serious, w.is_severe, w.is_related, w.is_fatal,
        w.astdtm
    from written as w
    join classes as c on c.soc_key = upper(w.soc)
    join terms as t on t.pt_key = upper(w.pt)
),

observed as (
    select o.part, e.*
    from analysis.observations as o
    join emergent as e on e.studyid = o.studyid and e.usubjid = o.usubjid
    where
        o.part = 'all'
        or (
            e.astdtm >= make_timestamp(o.origin_s * 1000000)
            and (e.astdtm < make_timestamp(o.until_s * 1000000) or o.is_to_the_end)
        )
),

levelled as (
    select o.part, o.studyid, o.usubjid, o.soc, o.pt, o.aetoxgrn, o.is_serious, o.is_severe, o.is_related, o.is_fatal from observed as o
    union all
    select o.part, o.studyid, o.usubjid, o.soc, '', o.aetoxgrn, o.is_serious, o.is_severe, o.is_related, o.is_fatal from observed as o
    union all
    select o.part, o.studyid, o.usubjid, '', '', o.aetoxgrn, o.is_serious, o.is_severe, o.is_related, o.is_fatal from observed as o
),

counted as (
    select
        l.studyid,
        l.usubjid,
        l.part,
        l.soc,
        l.pt,
        max(l.aetoxgrn) as worst_grade,
        count(*) as any_records,
        sum(case when l.is_serious then 1 else 0 end) as serious,
        sum(case when l.is_severe then 1 else 0 end) as severe,
        sum(case when l.is_related then 1 else 0 end) as related,
        sum(case when l.is_related is null then 1 else 0 end) as unknown,
        sum(case when l.is_fatal then 1 else 0 end) as fatal
    from levelled as l
    group by l.studyid, l.usubjid, l.part, l.soc, l.pt
)

select
    c.studyid,                                            -- Study identifier
    c.usubjid,                                            -- Unique subject identifier
    c.part,                                               -- all, or the dose level
    c.soc,                                                -- System organ class, in one spelling; Not coded without one, empty text for all
    c.pt,                                                 -- Preferred term, in one spelling; the reported term of an uncoded event with (not coded), empty text for all
    'any' as kind,                                        -- any, serious, grade >=3, related, causality unknown, fatal, worst grade 1 to 5 or worst grade missing
    cast(c.any_records as bigint) as records              -- Records of that kind; of a worst grade, all records
from counted as c
union all
select c.studyid, c.usubjid, c.part, c.soc, c.pt, 'serious', cast(c.serious as bigint)
from counted as c
where c.serious > 0
union all
select c.studyid, c.usubjid, c.part, c.soc, c.pt, 'grade >=3', cast(c.severe as bigint)
from counted as c
where c.severe > 0
union all
select c.studyid, c.usubjid, c.part, c.soc, c.pt, 'related', cast(c.related as bigint)
from counted as c
where c.related > 0
union all
select c.studyid, c.usubjid, c.part, c.soc, c.pt, 'causality unknown', cast(c.unknown as bigint)
from counted as c
where c.unknown > 0
union all
select c.studyid, c.usubjid, c.part, c.soc, c.pt, 'fatal', cast(c.fatal as bigint)
from counted as c
where c.fatal > 0
union all
select
    c.studyid, c.usubjid, c.part, c.soc, c.pt, 'worst grade ' || coalesce(cast(c.worst_grade as varchar), 'missing'),
    cast(c.any_records as bigint)
from counted as c
