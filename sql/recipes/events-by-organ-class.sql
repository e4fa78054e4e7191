-- Which treatment-emergent adverse events were commonest, by organ class and term?
select
    coalesce(aesoc, aebodsys, 'not coded') as organ_class,
    coalesce(aedecod, aeterm) as term,
    count(distinct usubjid) as subjects,
    count(*) as events,
    count(distinct usubjid) filter (where aetoxgrn >= 3) as subjects_grade_3_or_higher
from adae
where trtemfl = 'Y'
group by all
order by subjects desc, events desc, organ_class, term;
