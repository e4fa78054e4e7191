/*
grain: one row per study and name under which a drug that matters to CRS is recorded
key: [studyid, name]
description: The names of drugs that matter to CRS, with what each drug is. Names that study.yaml gives go before the known ones.
*/
with drugs as (
    select d.agent, min(d.drug_class) as drug_class, min(d.treatment) as treatment, max(case when d.waives_fever then 1 else 0 end) as waives
    from reference.drugs as d
    group by d.agent
),

names as (
    select m.studyid, m.value as name, m.key as agent, 1 as preference
    from study.mappings as m
    where m.concept = 'drugs'
    union all
    select p.studyid, d.name, d.agent, 2
    from reference.drugs as d
    cross join study.parameters as p
)

select
    n.studyid,                                         -- Study identifier
    n.name,                                            -- Name, upper case
    n.agent,                                           -- The drug
    d.drug_class,                                      -- antipyretic, anticytokine, corticosteroid, vasopressor, vasopressin, inotrope, fluid or clotting factor
    d.treatment,                                       -- Treatment of CRS that reports count it as, when it is one
    d.waives = 1 as waives_fever                       -- Whether it waives fever once given within an episode
from names as n
join drugs as d on d.agent = n.agent
qualify row_number() over (partition by n.studyid, n.name order by n.preference nulls last) = 1
