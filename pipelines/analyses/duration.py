"""How long the worst episode lasted, by its grade."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.grades import LEVELS, SPLITS, chosen
from pipelines.analyses.times import Times, each_stratum, times_of
from pipelines.analyses.whose import whose_time
from pipelines.statistics import cumulative_incidence, describe, kaplan_meier

KM_METHOD = (
    "Episode with the highest grade; Kaplan-Meier median with log-log 95 % confidence interval; "
    "ongoing and fatal episodes censored at their end"
)
CIF_METHOD = (
    "Episode with the highest grade; Aalen-Johansen cumulative incidence of resolution, death competing, "
    "log(-log) 95 % confidence interval"
)
NAIVE_METHOD = "Among resolved episodes only, which leaves out those still ongoing; quantiles of type 2"
LANDMARKS = (7, 14, 28)


def compute(tables: Tables) -> Iterator[Cell]:
    """Censored and naive durations, and the incidence of resolution, in each stratum and grade."""
    rows = tables["analysis.stratum_times"].filter(pl.col("paramcd") == "TTRES")
    for stratum, part in each_stratum(tables["analysis.strata"], rows):
        for level in SPLITS:
            yield from _of_grade(level, times_of(stratum, part.filter(chosen(level))))


def _of_grade(level: str, times: Times) -> Iterator[Cell]:
    def place(kind: str, method: str, condition: str = "true") -> Place:
        return Place(
            stratum=times.stratum,
            by_variable="max_grade",
            by_level=level,
            variable="duration_days",
            variable_level=kind,
            method=method,
            subjects_sql=whose_time(times.stratum, "TTRES", f"{LEVELS[level]} and {condition}"),
        )

    resolved = times.count(1)
    yield from place("KM", KM_METHOD).numbers(n=times.days.size)
    yield from place("KM", KM_METHOD, "e.cnsr = 0").numbers(n_events=resolved)
    yield from place("KM", KM_METHOD, "e.cnsr > 0").numbers(n_censored=times.days.size - resolved)
    yield from place("KM", KM_METHOD).quantile(kaplan_meier(times.days, times.causes == 1).median())
    found, naive = describe(times.of_events), place("resolved only", NAIVE_METHOD, "e.cnsr = 0")
    yield from naive.numbers(n=found.n, median=found.median, q1=found.q1, q3=found.q3)
    yield from naive.numbers(min=found.minimum, max=found.maximum)
    incidence = cumulative_incidence(times.days, times.causes).at(LANDMARKS)
    for day, answer in zip(LANDMARKS, incidence, strict=True):
        yield from place(f"day {day}", CIF_METHOD, f"e.cnsr = 0 and e.aval <= {day}").point(answer)


ANALYSIS = Analysis(name="duration", reads=("analysis.strata", "analysis.stratum_times"), compute=compute)
