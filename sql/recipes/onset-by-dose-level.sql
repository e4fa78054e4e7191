-- On which day after the first dose did CRS begin, by dose level?
-- Days are elapsed days: 0 is the day of the first dose.
select
    a.therapy,
    a.dose_level,
    count(*) as with_crs,
    min(c.onset_days) as first_day,
    median(c.onset_days) as median_day,
    max(c.onset_days) as last_day
from adcrs as c
inner join adsl as a on c.studyid = a.studyid and c.usubjid = a.usubjid
where c.anl01fl = 'Y' and c.episode = 1
group by a.therapy, a.dose_level
order by a.therapy, a.dose_level;
