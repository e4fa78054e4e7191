"""When CRS began: cumulative incidence with death competing, and the times of those who had it."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.ard import Analysis, Cell, Place, Tables, whose
from pipelines.analyses.times import Times, each_stratum, times_of
from pipelines.statistics import cumulative_incidence, describe, numbers_at_risk

CURVE_METHOD = (
    "Aalen-Johansen cumulative incidence, death without it competing, standard error as in SAS and cmprsk, "
    "log(-log) 95 % confidence interval; elapsed days, first dose = 0"
)
SUMMARY_METHOD = "Among subjects with the event; quantiles of type 2 (as SAS and R type = 2); elapsed days"
LANDMARKS = (1, 2, 3, 7, 14, 28)
EVENTS = {"TTCRS": "r.episodes > 0", "TTCRS2": "r.grade >= 2", "TTCRS3": "r.grade >= 3"}
SUMMARIES = {"TTCRS": "onset_days", "TTMAX": "time_to_max_grade_days", "DOSETOCRS": "onset_from_dose_days"}


def compute(tables: Tables) -> Iterator[Cell]:
    """Counts, landmark incidences and summaries of each stratum."""
    rows = tables["analysis.stratum_times"]
    for parameter, condition in EVENTS.items():
        chosen = rows.filter(pl.col("paramcd") == parameter)
        for stratum, part in each_stratum(tables["analysis.strata"], chosen):
            yield from _incidence(parameter, condition, times_of(stratum, part))
    for parameter, variable in SUMMARIES.items():
        chosen = rows.filter(pl.col("paramcd") == parameter)
        for stratum, part in each_stratum(tables["analysis.strata"], chosen):
            yield from summary(variable, times_of(stratum, part))


def _incidence(parameter: str, condition: str, times: Times) -> Iterator[Cell]:
    def place(level: str, condition: str) -> Place:
        return Place(
            stratum=times.stratum,
            variable=parameter,
            variable_level=level,
            method=CURVE_METHOD,
            subjects_sql=whose(times.stratum, condition),
        )

    yield from place("all", "true").numbers(
        n_subjects=times.days.size, n_competing=times.count(2), n_censored=times.count(0)
    )
    yield from place("all", condition).numbers(n_events=times.count(1))
    curve = cumulative_incidence(times.days, times.causes)
    for day, answer in zip(LANDMARKS, curve.at(LANDMARKS), strict=True):
        yield from place(f"day {day}", condition).point(answer)
    for day, count in zip(LANDMARKS, numbers_at_risk(times.days, LANDMARKS), strict=True):
        yield from place(f"day {day}", "true").numbers(at_risk=count)


def summary(variable: str, times: Times) -> Iterator[Cell]:
    """The descriptive statistics of those who had the event.

    Args:
        variable: What the times measure.
        times: The stratum's times; censored and competing ones are left out.
    """
    found = describe(times.of_events)
    place = Place(
        stratum=times.stratum,
        variable=variable,
        variable_level="with CRS",
        method=SUMMARY_METHOD,
        subjects_sql=whose(times.stratum, "r.episodes > 0"),
    )
    yield from place.numbers(n=found.n, mean=found.mean, sd=found.sd, median=found.median)
    yield from place.numbers(q1=found.q1, q3=found.q3, min=found.minimum, max=found.maximum)


ANALYSIS = Analysis(name="onset", reads=("analysis.strata", "analysis.stratum_times"), compute=compute)
