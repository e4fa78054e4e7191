"""Cases, whose course is told one by one, fetched from a study's warehouse in one query a table."""

import duckdb
import polars as pl

from pipelines.case_records import READINGS, RECORDS
from pipelines.elapsed import day, place
from pipelines.listings import begun, ended
from pipelines.swimmers import LINES, SWIMMERS
from pipelines.warehouse import frame

# A page that carried more subjects could not be read in a meeting.
MOST_CASES = 200
# A profile ends some days after the last episode, but an episode that has not ended cannot make it endless.
DAYS_AFTER, FEWEST_DAYS, MOST_DAYS = 3, 7, 90


CHOSEN = f"""
    create or replace temp table cases as
    with differing as (
        select distinct d.studyid, d.usubjid
        from analysis.discordances as d
        where d.scale = d.reported_scale and not d.is_explained_by_uncertainty
    ),

    lasting as (
        select e.studyid, e.usubjid, max(e.aendtm) as ended
        from analysis.adcrs as e
        group by e.studyid, e.usubjid
    ),

    found as (
        select
            a.studyid, a.usubjid, a.trtsdtm as dosed, s.anchor_precision in ('Y', 'M', 'D') as is_whole,
            g.source, g.scale, l.ended, r.grade, coalesce(a.dthfl = 'Y', false) as is_dead,
            coalesce(r.episodes > 0 and coalesce(r.grade, r.grade_max) >= 3, false) as is_severe,
            d.usubjid is not null as is_differing
        from analysis.adsl as a
        join staged.subjects as s on s.studyid = a.studyid and s.usubjid = a.usubjid
        join graded.primary_grades as g on g.studyid = a.studyid
        left join analysis.subject_results as r
            on r.studyid = a.studyid and r.usubjid = a.usubjid and r.part = 'all'
        left join lasting as l on l.studyid = a.studyid and l.usubjid = a.usubjid
        left join differing as d on d.studyid = a.studyid and d.usubjid = a.usubjid
        where a.saffl = 'Y'
    ),

    ranked as (
        select
            c.*,
            row_number() over (order by c.grade desc nulls last, c.is_dead desc, c.studyid, c.usubjid) as place,
            count(*) over () as of_all,
            least({MOST_DAYS}, greatest({FEWEST_DAYS}, coalesce({place("c.ended")}, 0) + {DAYS_AFTER})) as to_day
        from found as c
        where c.is_severe or c.is_dead or c.is_differing
    )

    select * from ranked where place <= {MOST_CASES}
"""
PEOPLE = f"""
    select
        c.place, c.of_all, c.is_severe, c.is_dead, c.is_differing, c.source, c.scale, c.to_day, p.fever_c,
        c.studyid, c.usubjid, a.age, a.sex, a.indication, a.dose, a.dose_unit, a.doses,
        a.tumour_burden, a.tumour_burden_unit,
        nullif(a.therapy, 'Missing') as therapy, nullif(a.dose_level, 'Missing') as dose_level,
        nullif(a.tumour_burden_level, 'Missing') as tumour_burden_level,
        {begun("a.trtsdtm", "s.anchor_precision")} as dosed, a.premedfl,
        {begun("a.dthdtm", "a.dthprec")} as died, {day("a.dthdtm", "a.dthprec")} as death_day,
        {place("a.dthdtm")} as death_at,
        (
            select string_agg(d.cause, '; ' order by d.is_primary desc, d.cause)
            from staged.causes_of_death as d where d.studyid = a.studyid and d.usubjid = a.usubjid
        ) as cause,
        (
            select string_agg(distinct e.aedecod, '; ' order by e.aedecod)
            from analysis.adae as e
            where e.studyid = a.studyid and e.usubjid = a.usubjid and (e.aesdth = 'Y' or e.aeout = 'FATAL')
        ) as fatal_events,
        strftime(a.lstalvdtm, '%Y-%m-%d') as last_alive, r.episodes, r.grade, r.grade_min, r.grade_max
    from temp.cases as c
    join analysis.adsl as a on a.studyid = c.studyid and a.usubjid = c.usubjid
    join staged.subjects as s on s.studyid = c.studyid and s.usubjid = c.usubjid
    join study.parameters as p on p.studyid = c.studyid
    left join analysis.subject_results as r on r.studyid = c.studyid and r.usubjid = c.usubjid and r.part = 'all'
    order by c.place
"""
EPISODES = f"""
    select
        c.place, e.episode, {begun("e.astdtm", "e.astprec")} as began, e.onset_days as day,
        {ended("e.aendtm", "e.aenprec")} as ended, e.duration_days, e.ongoing, e.outcome,
        e.dose_number, e.grade, e.grade_min, e.grade_max,
        e.why_no_grade,
        {begun("e.max_grade_dtm", "e.astprec")} as worst, {day("e.max_grade_dtm", "e.astprec")} as worst_day,
        {place("e.aendtm")} as end_day
    from analysis.adcrs as e
    join temp.cases as c
        on c.studyid = e.studyid and c.usubjid = e.usubjid and c.source = e.source and c.scale = e.scale
    order by c.place, e.episode
"""
FURTHER = {
    "grades": """
        select c.place, g.source, g.scale, g.grade, g.grade_min, g.grade_max, g.episodes
        from analysis.adcrs_subject as g
        join temp.cases as c on c.studyid = g.studyid and c.usubjid = g.usubjid
        order by c.place, g.source desc, g.scale
    """,
    "evidence": f"""
        select
            c.place, v.source, v.scale, v.episode, v.meaning, v.variable, v.value, v.domain, v.seq, v.file, v.row,
            strftime(v.start_dtm, '%Y-%m-%d') as at, {place("v.start_dtm")} as day
        from analysis.grade_evidence as v
        join temp.cases as c on c.studyid = v.studyid and c.usubjid = v.usubjid and c.scale = v.scale
        order by c.place, v.episode, v.source desc, v.start_dtm, v.rule_id, v.domain, v.file, v.row
    """,
    "differing": """
        select c.place, d.finding, d.reported_grade, d.derived_grade, d.reported_scale, d.scale
        from analysis.discordances as d
        join temp.cases as c on c.studyid = d.studyid and c.usubjid = d.usubjid
        where d.scale = d.reported_scale and not d.is_explained_by_uncertainty
        order by c.place
    """,
    "other": f"""
        with found as (
            select i.studyid, i.usubjid, i.source, 'ICANS' as event, i.grade, i.first_dtm as dtm, i.first_prec as prec
            from analysis.icans_subject as i
            where i.first_dtm is not null
            union all
            select h.studyid, h.usubjid, 'reported', h.term, h.grade, h.astdtm, h.astprec
            from analysis.iec_hs as h
        )

        select
            c.place, f.source, f.event, f.grade, {begun("f.dtm", "f.prec")} as began, {day("f.dtm", "f.prec")} as day
        from found as f
        join temp.cases as c on c.studyid = f.studyid and c.usubjid = f.usubjid
        order by c.place, f.dtm, f.event, f.source desc, f.grade
    """,
}


def cases(db: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The tables of ``reports.cases``: cases, worst first, and the lines of the swimmer plot.

    Cases are CRS of grade 3 or higher by the primary source and scale, or CRS without a grade that may be; deaths of
    treated subjects; and grades reported and derived on one scale that differ by more than the records allow.

    Args:
        db: The study's warehouse, or a copy: temporary tables are made in it.
    """
    for made in (CHOSEN, READINGS, LINES):
        db.execute(made)
    queries = {"people": PEOPLE, "episodes": EPISODES, **RECORDS, **FURTHER, **SWIMMERS}
    return {name: frame(db, query) for name, query in queries.items()}
