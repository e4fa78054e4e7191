"""When CRS began: cumulative incidence with death competing, and the times of those who had it."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.times import Times, each_stratum, times_of
from pipelines.analyses.whose import whose_time
from pipelines.statistics import cumulative_incidence, describe, numbers_at_risk

CURVE_METHOD = (
    "Aalen-Johansen cumulative incidence, death without it competing, standard error as in SAS and cmprsk, "
    "log(-log) 95 % confidence interval; elapsed days, first dose = 0"
)
SUMMARY_METHOD = "Among subjects with the event; quantiles of type 2 (as SAS and R type = 2); elapsed days"
LANDMARKS = (1, 2, 3, 7, 14, 28)
EVENTS = ("TTCRS", "TTCRS2", "TTCRS3")
SUMMARIES = {"TTCRS": "onset_days", "TTMAX": "time_to_max_grade_days", "DOSETOCRS": "onset_from_dose_days"}


def compute(tables: Tables) -> Iterator[Cell]:
    """Counts, landmark incidences and summaries of each stratum."""
    rows = tables["analysis.stratum_times"]
    for parameter in EVENTS:
        chosen = rows.filter(pl.col("paramcd") == parameter)
        for stratum, part in each_stratum(tables["analysis.strata"], chosen):
            yield from _counts(parameter, times_of(stratum, part))
            yield from _landmarks(parameter, times_of(stratum, part))
    for parameter, variable in SUMMARIES.items():
        chosen = rows.filter(pl.col("paramcd") == parameter)
        for stratum, part in each_stratum(tables["analysis.strata"], chosen):
            yield from _summary(parameter, variable, times_of(stratum, part))


def _place(parameter: str, times: Times, level: str, condition: str) -> Place:
    return Place(
        stratum=times.stratum,
        variable=parameter,
        variable_level=level,
        method=CURVE_METHOD,
        subjects_sql=whose_time(times.stratum, parameter, condition),
    )


def _counts(parameter: str, times: Times) -> Iterator[Cell]:
    yield from _place(parameter, times, "all", "true").numbers(n_subjects=times.days.size)
    yield from _place(parameter, times, "all", "e.cnsr = 0").numbers(n_events=times.count(1))
    yield from _place(parameter, times, "all", "e.cnsr = 2").numbers(n_competing=times.count(2))
    yield from _place(parameter, times, "all", "e.cnsr = 1").numbers(n_censored=times.count(0))


def _landmarks(parameter: str, times: Times) -> Iterator[Cell]:
    answers = cumulative_incidence(times.days, times.causes).at(LANDMARKS)
    counts = numbers_at_risk(times.days, LANDMARKS)
    for day, answer, at_risk in zip(LANDMARKS, answers, counts, strict=True):
        yield from _place(parameter, times, f"day {day}", f"e.cnsr = 0 and e.aval <= {day}").point(answer)
        yield from _place(parameter, times, f"day {day}", f"e.aval >= {day}").numbers(at_risk=at_risk)


def _summary(parameter: str, variable: str, times: Times) -> Iterator[Cell]:
    found = describe(times.of_events)
    place = Place(
        stratum=times.stratum,
        variable=variable,
        variable_level="with CRS",
        method=SUMMARY_METHOD,
        subjects_sql=whose_time(times.stratum, parameter, "e.cnsr = 0"),
    )
    yield from place.numbers(n=found.n, mean=found.mean, sd=found.sd, median=found.median)
    yield from place.numbers(q1=found.q1, q3=found.q3, min=found.minimum, max=found.maximum)


ANALYSIS = Analysis(name="onset", reads=("analysis.strata", "analysis.stratum_times"), compute=compute)
