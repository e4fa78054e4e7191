-- Which raw rows were kept out of the analysis, and by which rule?
select
    file,
    rule,
    count(*) as rows_kept_out,
    min(row) as first_row
from quarantine
group by file, rule
order by file, rule;
