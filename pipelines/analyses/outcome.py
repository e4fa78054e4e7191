"""How the worst episode ended, by its grade."""

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
OUTCOMES = ("resolved", "resolved with sequelae", "ongoing", "fatal", "unknown")


def compute(tables: Tables) -> Iterator[Cell]:
    """Numbers and proportions of each outcome in each stratum and grade."""
    for stratum, counts in each_stratum(tables["analysis.strata"], tables["analysis.outcome_counts"]):
        for level in SPLITS:
            yield from _of_grade(stratum, level, counts.filter(chosen(level)))


def _of_grade(stratum: str, level: str, counts: pl.DataFrame) -> Iterator[Cell]:
    subjects = int(counts["n"].sum())
    for outcome in OUTCOMES:
        n = int(counts.filter(pl.col("outcome") == outcome)["n"].sum())
        with_crs = f"{LEVELS[level]} and r.episodes > 0"
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
        yield from place.share(n, subjects)


ANALYSIS = Analysis(name="outcome", reads=("analysis.strata", "analysis.outcome_counts"), compute=compute)
