-- Who had CRS of grade 3 or higher, when, how was it treated, and how did it end?
select
    c.usubjid,
    a.therapy,
    a.dose_level,
    c.episode,
    c.grade,
    c.onset_days,
    c.duration_days,
    c.toci_dtm,
    c.steroid_dtm,
    c.vasopressor,
    c.respiratory_support,
    c.outcome
from adcrs as c
inner join adsl as a on c.studyid = a.studyid and c.usubjid = a.usubjid
where c.grade >= 3 and c.anl01fl = 'Y'
order by c.grade desc, c.usubjid, c.episode;
