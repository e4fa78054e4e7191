-- What incidence does the report print for each stratum, with its confidence interval?
-- Every printed number is a row of ard; subjects_sql of the row n lists its subjects.
select
    coalesce(group1_level, 'All treated subjects') as stratum,
    max(stat) filter (where stat_name = 'n') as n,
    max(stat) filter (where stat_name = 'N') as n_treated,
    max(stat) filter (where stat_name = 'p') as proportion,
    max(stat) filter (where stat_name = 'ci_low') as ci_low,
    max(stat) filter (where stat_name = 'ci_high') as ci_high,
    any_value(method) filter (where stat_name = 'ci_low') as method
from ard
where analysis = 'incidence' and variable = 'max_grade' and variable_level = 'any' and group2 is null
group by group1, group1_level
order by min(position);
