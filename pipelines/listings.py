"""What listings and lists of subjects print, fetched from a study's warehouse."""

import duckdb
import polars as pl

from pipelines.warehouse import count, frame

# A page or a paper that carried more could not be read; all of them are in the tables of the release.
MOST_ROWS = 10_000
# Of more subjects a page does not carry whose each number is.
MOST_PEOPLE = 20_000


def begun(moment: str, precision: str) -> str:
    """A start as finely as it is known."""
    return (
        f"case {precision} when 'Y' then strftime({moment}, '%Y') when 'M' then strftime({moment}, '%Y-%m') "
        f"when 'D' then strftime({moment}, '%Y-%m-%d') else strftime({moment}, '%Y-%m-%d %H:%M') end"
    )


def ended(moment: str, precision: str) -> str:
    """An end likewise; one known only by its day is 24:00 of that day, which is the next by name."""
    return (
        f"case when {precision} in ('Y', 'M', 'D') then {begun(f'{moment} - interval 1 second', precision)} "
        f"else strftime({moment}, '%Y-%m-%d %H:%M') end"
    )


# Subjects in the order in which the places of ``pipelines.behind`` count them.
PEOPLE = """
    select
        a.studyid, a.usubjid, a.therapy, a.dose_level, a.tumour_burden_level,
        case when r.episodes = 0 then 'none' when r.episodes > 0 then coalesce(r.grade::varchar, 'unknown') end
            as grade,
        c.onset_days, r.outcome
    from analysis.adsl as a
    left join analysis.subject_results as r on r.studyid = a.studyid and r.usubjid = a.usubjid and r.part = 'all'
    left join graded.primary_grades as g on g.studyid = a.studyid
    left join analysis.adcrs as c
        on c.studyid = a.studyid and c.usubjid = a.usubjid
        and c.source = g.source and c.scale = g.scale and c.episode = 1
    order by a.studyid, a.usubjid
"""
LISTINGS = {
    "episodes": f"""
        select
            c.studyid, c.usubjid, a.therapy, a.dose_level, a.tumour_burden_level, c.episode,
            {begun("c.astdtm", "c.astprec")} as onset, c.onset_days, {ended("c.aendtm", "c.aenprec")} as ended,
            c.duration_days, c.grade, c.grade_min, c.grade_max, c.outcome, c.ongoing,
            strftime(c.toci_dtm, '%Y-%m-%d') as tocilizumab, strftime(c.steroid_dtm, '%Y-%m-%d') as corticosteroid,
            c.vasopressor, c.respiratory_support, c.icu
        from analysis.adcrs as c
        join analysis.adsl as a using (studyid, usubjid)
        join graded.primary_grades as g on g.studyid = c.studyid and g.source = c.source and g.scale = c.scale
        order by c.studyid, c.usubjid, c.episode
    """,
    "deaths": f"""
        select
            a.studyid, a.usubjid, a.therapy, a.dose_level, a.tumour_burden_level,
            {begun("a.dthdtm", "a.dthprec")} as died, date_diff('day', a.trtsdtm::date, a.dthdtm::date) as death_day,
            (
                select string_agg(d.cause, '; ' order by d.is_primary desc, d.cause)
                from staged.causes_of_death as d where d.studyid = a.studyid and d.usubjid = a.usubjid
            ) as cause,
            r.grade, r.episodes, r.outcome
        from analysis.adsl as a
        left join analysis.subject_results as r on r.studyid = a.studyid and r.usubjid = a.usubjid and r.part = 'all'
        where a.dthfl = 'Y' and a.saffl = 'Y'
        order by a.studyid, a.usubjid
    """,
    "treatments": f"""
        select
            t.studyid, t.usubjid, t.treatment, t.name, {begun("t.start_dtm", "t.start_prec")} as started,
            strftime(t.end_dtm, '%Y-%m-%d %H:%M') as ended, t.start_day, t.occasion, t.episode, r.grade
        from analysis.treatment_records as t
        join analysis.subject_results as r on r.studyid = t.studyid and r.usubjid = t.usubjid and r.part = 'all'
        order by t.studyid, t.usubjid, t.start_dtm, t.treatment, t.file, t.row
    """,
    "changes": """
        select c.studyid, c.usubjid, c.what, c.kind, c.item, c.variable, c.old_value, c.new_value
        from analysis.changes as c
        where c.kind != 'followed'
        order by c.position
    """,
    "discordances": """
        select
            d.studyid, d.usubjid, d.reported_scale, d.scale, d.reported_grade, d.derived_grade,
            d.derived_min, d.derived_max, d.adjudicated_grade, d.finding, d.reported_onset_days, d.derived_onset_days,
            d.is_explained_by_uncertainty
        from analysis.discordances as d
        order by d.studyid, d.usubjid, d.scale
    """,
    "adjudications": """
        select
            a.studyid, a.usubjid, a.source, a.episode, a.scale, a.adjudicated_grade, a.reported_grade,
            a.reported_scale, a.derived_grade, a.reason, a.adjudicator, a.adjudicated_at
        from analysis.adjudications as a
        order by a.studyid, a.usubjid, a.source, a.episode, a.scale
    """,
}


def listings(db: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The first rows of each listing, and the subjects unless they are too many; moments as finely as they are known.

    Args:
        db: The study's warehouse.
    """
    told = {name: frame(db, f"{query} limit {MOST_ROWS}") for name, query in LISTINGS.items()}
    return {"people": frame(db, f"{PEOPLE} limit {0 if are_too_many(db) else MOST_PEOPLE}"), **told}


def lengths(db: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """How many rows each listing has, those left out too: listing, rows."""
    counted = (f"select '{name}' as listing, count(*) as rows from ({query})" for name, query in LISTINGS.items())
    return frame(db, f"{' union all '.join(counted)} order by all")


def are_too_many(db: duckdb.DuckDBPyConnection) -> bool:
    """Whether the subjects are more than a page can carry."""
    return count(db, "analysis.adsl") > MOST_PEOPLE
