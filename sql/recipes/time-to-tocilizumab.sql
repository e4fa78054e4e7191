-- How many hours after onset was tocilizumab first given, by grade of the episode?
select
    c.grade,
    count(*) as episodes,
    count(c.toci_dtm) as given_tocilizumab,
    median(date_diff('minute', c.astdtm, c.toci_dtm) / 60) as median_hours_from_onset
from adcrs as c
where c.anl01fl = 'Y'
group by c.grade
order by c.grade nulls last;
