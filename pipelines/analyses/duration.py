"""How long the first episode lasted, by highest grade."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.ard import Analysis, Cell, Place, Tables, whose
from pipelines.analyses.grades import LEVELS, SPLITS, chosen
from pipelines.analyses.times import Times, each_stratum, times_of
from pipelines.statistics import cumulative_incidence, describe, kaplan_meier

KM_METHOD = "Kaplan-Meier median with log-log 95 % confidence interval; ongoing and fatal episodes censored at their end"
CIF_METHOD = (
    "Aalen-Johansen cumulative incidence of resolution, death competing, log(-log) 95 % confidence interval"
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
    def place(kind: str, method: str) -> Place:
        return Place(
            stratum=times.stratum,
            by="max_grade",
            by_level=level,
            variable="duration_days",
            variable_level=kind,
            method=method,
            subjects_sql=whose(times.stratum, f"{LEVELS[level]} and r.episodes > 0"),
        )

    km, naive = place("KM", KM_METHOD), place("resolved only", NAIVE_METHOD)
    yield from km.numbers(
        n=times.days.size, n_events=times.count(1), n_censored=times.days.size - times.count(1)
    )
    yield from km.quantile(kaplan_meier(times.days, times.causes == 1).median())
    found = describe(times.of_events)
    yield from naive.numbers(n=found.n, median=found.median, q1=found.q1, q3=found.q3)
    yield from naive.numbers(min=found.minimum, max=found.maximum)
    incidence = cumulative_incidence(times.days, times.causes).at(LANDMARKS)
    for day, answer in zip(LANDMARKS, incidence, strict=True):
        yield from place(f"day {day}", CIF_METHOD).point(answer)


ANALYSIS = Analysis(name="duration", reads=("analysis.strata", "analysis.stratum_times"), compute=compute)
