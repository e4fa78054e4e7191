-- How many subjects have each highest grade on each scale, as derived and as reported?
select
    source,
    scale,
    coalesce(grade::varchar, 'no grade') as highest_grade,
    count(*) as subjects
from adcrs_subject
group by source, scale, grade
order by source, scale, grade nulls last;
