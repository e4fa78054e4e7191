-- How many adverse events have a start or end that was imputed, and in which part?
select
    coalesce(astdtf, 'complete or not given') as start_imputed,
    coalesce(aendtf, 'complete or not given') as end_imputed,
    count(*) as events
from adae
group by astdtf, aendtf
order by events desc, start_imputed, end_imputed;
