"""How the worst episode ended, by its grade and by what was given in it."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.grades import LEVELS, SPLITS, chosen
from pipelines.analyses.times import each_stratum
from pipelines.analyses.whose import quoted, whose

METHOD = (
    "Outcome of the episode with the highest grade, the earliest of equals; denominator subjects with CRS of that "
    "grade; Clopper-Pearson exact 95 % confidence interval"
)
TREATED_METHOD = (
    "Outcome of the episode with the highest grade, the earliest of equals, by what was given in that episode; "
    "denominator subjects with CRS so treated; Clopper-Pearson exact 95 % confidence interval; a description, not an "
    "effect, since the sicker are treated and who recovers or dies at once is not"
)
OUTCOMES = ("resolved", "resolved with sequelae", "ongoing", "fatal", "unknown")
_EACH = ("given", "not given")
ANSWERS = {
    "tocilizumab": _EACH,
    "corticosteroids": _EACH,
    "tocilizumab_and_corticosteroids": ("both", "tocilizumab only", "corticosteroids only", "neither"),
    "other_anticytokine": _EACH,
    "vasopressors": _EACH,
    "respiratory_support": _EACH,
    "icu": _EACH,
}


def compute(tables: Tables) -> Iterator[Cell]:
    """Numbers and proportions of each outcome, by grade in each stratum, by treatment in each of one variable."""
    strata = tables["analysis.strata"]
    for stratum, counts in each_stratum(strata, tables["analysis.outcome_counts"]):
        for level in SPLITS:
            yield from _of_grade(stratum, level, counts.filter(chosen(level)))
    single = strata.filter(pl.col("group2").is_null())
    for stratum, counts in each_stratum(single, tables["analysis.treated_outcome_counts"]):
        for treatment, answers in ANSWERS.items():
            given = counts.filter(pl.col("treatment") == treatment)
            for answer in answers:
                yield from _of_treatment(stratum, treatment, answer, given.filter(pl.col("answer") == answer))


def _of_grade(stratum: str, level: str, counts: pl.DataFrame) -> Iterator[Cell]:
    with_crs = f"{LEVELS[level]} and r.episodes > 0"
    for outcome, n in _counted(counts):
        place = Place(
            stratum=stratum,
            by_variable="max_grade",
            by_level=level,
            variable="outcome",
            variable_level=outcome,
            method=METHOD,
            subjects_sql=whose(stratum, f"{with_crs} and r.outcome = {quoted(outcome)}"),
            among_sql=whose(stratum, with_crs),
        )
        yield from place.share(n, int(counts["n"].sum()))


def _of_treatment(stratum: str, treatment: str, answer: str, counts: pl.DataFrame) -> Iterator[Cell]:
    also = "join episode_treatments as t using (studyid, usubjid, part) "
    so_treated = f"t.treatment = {quoted(treatment)} and t.answer = {quoted(answer)}"
    for outcome, n in _counted(counts):
        place = Place(
            stratum=stratum,
            by_variable=f"{treatment}_in_episode",
            by_level=answer,
            variable="outcome",
            variable_level=outcome,
            method=TREATED_METHOD,
            subjects_sql=whose(stratum, f"{so_treated} and r.outcome = {quoted(outcome)}", also),
            among_sql=whose(stratum, so_treated, also),
        )
        yield from place.share(n, int(counts["n"].sum()))


def _counted(counts: pl.DataFrame) -> Iterator[tuple[str, int]]:
    for outcome in OUTCOMES:
        yield outcome, int(counts.filter(pl.col("outcome") == outcome)["n"].sum())


ANALYSIS = Analysis(
    name="outcome",
    reads=("analysis.strata", "analysis.outcome_counts", "analysis.treated_outcome_counts"),
    compute=compute,
)
