"""How long the worst episode lasted, by its grade."""

from collections.abc import Callable, Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.grades import LEVELS, SPLITS, chosen
from pipelines.analyses.over_time import landmarks
from pipelines.analyses.summaries import described
from pipelines.analyses.times import Times, each_stratum, times_of
from pipelines.analyses.whose import whose_time
from pipelines.statistics import kaplan_meier

KM_METHOD = (
    "Episode with the highest grade; Kaplan-Meier median and quartiles with log-log 95 % confidence interval, the "
    "middle of the time for which the curve is level there, as in R; ongoing and fatal episodes censored at their end"
)
CIF_METHOD = (
    "Episode with the highest grade; Aalen-Johansen cumulative incidence of resolution, death competing, "
    "standard error as in SAS and cmprsk, log(-log) 95 % confidence interval"
)
NAIVE_METHOD = (
    "Naive: among resolved episodes only, which leaves out those still ongoing and the fatal ones, and so understates; "
    "quantiles of type 2"
)
LANDMARKS = (7, 14, 28)
# The median keeps the place of the counts; each quartile has its own, for its limits would have the same names.
QUANTILES = {"KM": ("median", 0.5), "KM q1": ("q1", 0.25), "KM q3": ("q3", 0.75)}


def compute(tables: Tables) -> Iterator[Cell]:
    """Censored and naive durations, and the incidence of resolution, in each stratum and grade."""
    rows = tables["analysis.stratum_times"].filter(pl.col("paramcd") == "TTRES")
    for stratum, part in each_stratum(tables["analysis.strata"], rows):
        for level in SPLITS:
            yield from _of_grade(level, times_of(stratum, part.filter(chosen(level))))


def _of_grade(grade: str, times: Times) -> Iterator[Cell]:
    def place(level: str, condition: str = "true", method: str = CIF_METHOD) -> Place:
        return Place(
            stratum=times.stratum,
            by_variable="max_grade",
            by_level=grade,
            variable="duration_days",
            variable_level=level,
            method=method,
            subjects_sql=whose_time(times.stratum, "TTRES", f"{LEVELS[grade]} and {condition}"),
        )

    yield from _censored(place, times)
    yield from described(place("resolved only", "e.cnsr = 0", NAIVE_METHOD), times.of_events)
    yield from landmarks(place, times, LANDMARKS)


def _censored(place: Callable[[str, str, str], Place], times: Times) -> Iterator[Cell]:
    resolved = times.count(1)
    yield from place("KM", "true", KM_METHOD).numbers(n=times.days.size)
    yield from place("KM", "e.cnsr = 0", KM_METHOD).numbers(n_events=resolved)
    yield from place("KM", "e.cnsr > 0", KM_METHOD).numbers(n_censored=times.days.size - resolved)
    curve = kaplan_meier(times.days, times.causes == 1)
    for level, (name, probability) in QUANTILES.items():
        yield from place(level, "true", KM_METHOD).quantile(curve.quantile(probability), name)


ANALYSIS = Analysis(name="duration", reads=("analysis.strata", "analysis.stratum_times"), compute=compute)
