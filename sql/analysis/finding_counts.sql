/*
grain: one row per pair of a reported and a derived grading, and finding
key: [pair, finding]
description: How many treated subjects have each finding where reported and derived CRS differ.
*/
select
    p.pair,                                -- Pair of gradings, as the results name it
    d.finding,                             -- What was found, in words
    count(*) as n,                         -- Number of subjects
    count(*) filter (d.is_explained_by_uncertainty) as n_explained -- Of them, those for whom one grade is compatible with the records of both
from analysis.discordances as d
join analysis.grade_pairs as p
    on p.studyid = d.studyid and p.usubjid = d.usubjid
    and p.first_source = 'reported' and p.first_scale = d.reported_scale and p.second_scale = d.scale
group by all
