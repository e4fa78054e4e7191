/*
grain: one row per treated subject
key: [studyid, usubjid]
description: >
  Baseline covariates - of each laboratory test, of ECOG performance status and of prior lines of therapy the last result not after the
  first dose; one dated only by the day of the first dose counts. A result beyond the limit of its assay is taken at the limit.
source: EASIX is LDH x creatinine / platelets, m-EASIX LDH x CRP (mg/dL) / platelets
*/
with labs as (
    select b.studyid, b.usubjid, b.testcd, b.value
    from staged.biomarkers as b
    join staged.subjects as s on s.studyid = b.studyid and s.usubjid = b.usubjid
    -- A result dated only by its day is taken at its beginning.
    where b.value is not null and b.taken_s <= s.anchor_s
    qualify row_number() over (
        partition by b.studyid, b.usubjid, b.testcd
        order by b.taken_s desc nulls last, b.lbseq desc nulls last, b.value desc nulls last
    ) = 1
),

wide as (
    select
        l.studyid,
        l.usubjid,
        max(case when l.testcd = 'LDH' then l.value end) as ldh,
        max(case when l.testcd = 'FERRITIN' then l.value end) as ferritin,
        max(case when l.testcd = 'CRP' then l.value end) as crp,
        max(case when l.testcd = 'PLAT' then l.value end) as platelets,
        max(case when l.testcd = 'CREAT' then l.value end) as creatinine
    from labs as l
    group by l.studyid, l.usubjid
),

told as (
    select qs.studyid, qs.usubjid, 'QS.' || upper(trim(qs.qstestcd)) as variable, qs.qsstresn as value, qs._qsdtc_first as read_s
    from raw.qs as qs
    union all
    select rs.studyid, rs.usubjid, 'RS.' || upper(trim(rs.rstestcd)), rs.rsstresn, rs._rsdtc_first
    from raw.rs as rs
    union all
    select ft.studyid, ft.usubjid, 'FT.' || upper(trim(ft.fttestcd)), ft.ftstresn, ft._ftdtc_first
    from raw.ft as ft
    union all
    select fa.studyid, fa.usubjid, 'FA.' || upper(trim(fa.fatestcd)), fa.fastresn, fa._fadtc_first
    from raw.fa as fa
    union all
    select p.studyid, p.usubjid, 'SUPPDM.' || upper(trim(p.qnam)), try_cast(trim(p.qval) as double), null
    from raw.supp as p
    where p.rdomain = 'DM'
),

-- What study.yaml names goes before the defaults.
asked as (
    select m.studyid, m.key as covariate, m.value as variable
    from study.mappings as m
    where m.concept = 'covariates'
    union all
    select y.studyid, c.covariate, c.variable
    from study.studies as y
    cross join reference.covariate_sources as c
    left join study.mappings as m on m.studyid = y.studyid and m.concept = 'covariates' and m.key = c.covariate
    where m.key is null
),

states as (
    select t.studyid, t.usubjid, a.covariate, t.value
    from told as t
    join asked as a on a.studyid = t.studyid and a.variable = t.variable
    join staged.subjects as s on s.studyid = t.studyid and s.usubjid = t.usubjid
    where t.value is not null and (t.read_s is null or floor(t.read_s / 86400.0) <= floor(s.anchor_s / 86400.0))
    qualify row_number() over (
        partition by t.studyid, t.usubjid, a.covariate order by t.read_s desc nulls last, t.variable nulls last, t.value desc nulls last
    ) = 1
)

select
    a.studyid,                                                   -- Study identifier
    a.usubjid,                                                   -- Unique subject identifier
    a.therapy,                                                   -- Therapy, or Missing
    a.dose_level,                                                -- Dose level, or Missing; with step-up dosing the last one reached
    a.tumour_burden,                                             -- Baseline tumour burden, in the unit of study.yaml
    a.tumour_burden_level,                                       -- Tumour burden level, or Missing
    a.age,                                                       -- Age, years
    case when a.sex in ('F', 'M') then a.sex end as sex,         -- Sex, F or M; empty when anything else is recorded
    a.indication,                                                -- Disease studied
    e.value as ecog,                                             -- ECOG performance status
    w.ldh,                                                       -- Lactate dehydrogenase, U/L
    w.ferritin,                                                  -- Ferritin, ug/L
    w.crp,                                                       -- C-reactive protein, mg/L
    w.platelets,                                                 -- Platelets, 10^9/L
    w.creatinine,                                                -- Creatinine, mg/dL
    p.value as prior_lines,                                      -- Prior lines of therapy
    w.ldh * w.creatinine / nullif(w.platelets, 0) as easix,      -- EASIX: LDH (U/L) x creatinine (mg/dL) / platelets (10^9/L)
    w.ldh * w.crp / 10 / nullif(w.platelets, 0) as m_easix,      -- m-EASIX: LDH (U/L) x CRP (mg/dL) / platelets (10^9/L)
    a.premedfl                                                   -- Premedication flag
from analysis.adsl as a
left join wide as w on w.studyid = a.studyid and w.usubjid = a.usubjid
left join states as e on e.studyid = a.studyid and e.usubjid = a.usubjid and e.covariate = 'ecog'
left join states as p on p.studyid = a.studyid and p.usubjid = a.usubjid and p.covariate = 'prior_lines'
where a.saffl = 'Y'
