-- Where do the investigator's grade and the grade derived from the records differ?
select
    usubjid,
    reported_scale,
    reported_grade,
    scale as derived_scale,
    derived_grade,
    finding,
    is_explained_by_uncertainty
from discordances
order by abs(difference) desc nulls last, usubjid, scale;
