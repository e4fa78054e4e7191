-- Which records made a derived grade 3 or higher, and in which row of which file does each stand?
select
    e.usubjid,
    e.scale,
    e.episode,
    e.grade,
    e.meaning,
    e.finding,
    e.start_dtm,
    e.file,
    e.row
from grade_evidence as e
where e.source = 'derived' and e.grade >= 3
order by e.usubjid, e.scale, e.episode, e.start_dtm, e.file, e.row;
