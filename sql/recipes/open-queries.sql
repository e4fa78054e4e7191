-- What should the sites be asked, and how often does each question arise?
select
    rule,
    any_value(message) as example,
    count(*) as queries,
    count(distinct usubjid) as subjects
from queries
group by rule
order by queries desc, rule;
