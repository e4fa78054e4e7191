-- Which treated subjects died, when, and had they had CRS?
select
    a.usubjid,
    a.therapy,
    a.dose_level,
    date_diff('day', a.trtsdtm::date, a.dthdtm::date) as days_from_first_dose,
    r.episodes as crs_episodes,
    r.grade as highest_grade,
    r.outcome as crs_outcome
from adsl as a
inner join subject_results as r on a.studyid = r.studyid and a.usubjid = r.usubjid and r.part = 'all'
where a.dthfl = 'Y' and a.saffl = 'Y'
order by days_from_first_dose, a.usubjid;
