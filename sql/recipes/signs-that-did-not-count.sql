-- Which fevers, low pressures and low saturations counted in no episode, and why?
select
    sign,
    why_not,
    count(*) as records,
    count(distinct usubjid) as subjects
from signs
where not counted
group by sign, why_not
order by records desc, sign, why_not;
