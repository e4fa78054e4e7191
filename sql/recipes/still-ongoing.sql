-- Whose CRS had not ended at death, last contact or data cut?
-- Their durations are lower bounds.
select
    c.usubjid,
    c.episode,
    c.grade,
    c.astdtm as onset,
    c.aendtm as last_known,
    c.duration_days,
    c.outcome
from adcrs as c
where c.ongoing and c.anl01fl = 'Y'
order by c.duration_days desc, c.usubjid, c.episode;
