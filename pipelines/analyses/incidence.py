"""How many subjects had CRS, by the highest grade of each."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.grades import LEVELS, chosen
from pipelines.analyses.times import each_stratum
from pipelines.analyses.whose import whose
from pipelines.statistics import wilson_interval

METHOD = (
    "Clopper-Pearson exact 95 % confidence interval (and Wilson's score interval, without correction, beside it); "
    "subjects by highest grade, denominator all treated subjects"
)


def compute(tables: Tables) -> Iterator[Cell]:
    """Numbers, proportions and limits of each grade in each stratum; a stratum without subjects has N = 0."""
    for stratum, counts in each_stratum(tables["analysis.strata"], tables["analysis.grade_counts"]):
        yield from _of_stratum(stratum, counts)


def _of_stratum(stratum: str, counts: pl.DataFrame) -> Iterator[Cell]:
    subjects = int(counts["n"].sum())
    known = counts.filter(pl.col("n") > 0)
    for level, condition in LEVELS.items():
        n = int(known.filter(chosen(level))["n"].sum())
        yield from _proportion(stratum, level, n, subjects, condition)
    none = int(known.filter(pl.col("grade") == 0)["n"].sum())
    yield from _proportion(stratum, "none", none, subjects, "r.grade = 0")
    missing = int(known.filter(pl.col("grade").is_null())["n"].sum())
    yield from _proportion(stratum, "missing", missing, subjects, "r.grade is null")


def _proportion(stratum: str, level: str, n: int, subjects: int, condition: str) -> Iterator[Cell]:
    place = Place(
        stratum=stratum,
        variable="max_grade",
        variable_level=level,
        method=METHOD,
        subjects_sql=whose(stratum, condition),
        among_sql=whose(stratum),
    )
    yield from place.share(n, subjects)
    if subjects == 0:
        yield from place.not_estimable("no subjects", "wilson_low", "wilson_high")
        return
    low, high = wilson_interval(n, subjects)
    yield from place.numbers(wilson_low=low, wilson_high=high)


ANALYSIS = Analysis(name="incidence", reads=("analysis.strata", "analysis.grade_counts"), compute=compute)
