"""When CRS began: cumulative incidence with death competing, and the times of those who had it."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.over_time import counts, landmarks
from pipelines.analyses.summaries import described
from pipelines.analyses.times import Times, each_stratum, times_of
from pipelines.analyses.whose import whose_time
from pipelines.statistics import (
    Estimate,
    NotEstimable,
    cumulative_incidence,
    kaplan_meier,
    restricted_mean_time_lost,
)

CURVE_METHOD = (
    "Aalen-Johansen cumulative incidence, death without it competing, standard error as in SAS and cmprsk, "
    "log(-log) 95 % confidence interval; elapsed days, first dose = 0"
)
COMPLEMENT_METHOD = (
    "Sensitivity only: 1 - Kaplan-Meier with deaths without it censored, which overstates the incidence where there "
    "are such deaths; it is to be read beside the Aalen-Johansen estimate of the same day, never alone"
)
LOST_METHOD = (
    "Restricted mean time lost: area under the Aalen-Johansen cumulative incidence up to day {until}, death without it "
    "competing (Andersen 2013); normal 95 % confidence interval, kept within 0 and {until}"
)
SUMMARY_METHOD = "Among subjects with the event; quantiles of type 2 (as SAS and R type = 2); elapsed days"
LANDMARKS = (1, 2, 3, 7, 14, 28)
HORIZON = 28
EVENTS = ("TTCRS", "TTCRS2", "TTCRS3")
SUMMARIES = {"TTCRS": "onset_days", "TTMAX": "time_to_max_grade_days", "DOSETOCRS": "onset_from_dose_days"}


def compute(tables: Tables) -> Iterator[Cell]:
    """Counts, landmark incidences, time lost and summaries of each stratum."""
    rows = tables["analysis.stratum_times"]
    for parameter in EVENTS:
        chosen = rows.filter(pl.col("paramcd") == parameter)
        for stratum, part in each_stratum(tables["analysis.strata"], chosen):
            yield from _of_event(parameter, times_of(stratum, part))
    for parameter, variable in SUMMARIES.items():
        chosen = rows.filter(pl.col("paramcd") == parameter)
        for stratum, part in each_stratum(tables["analysis.strata"], chosen):
            yield from _summary(parameter, variable, times_of(stratum, part))


def _of_event(parameter: str, times: Times) -> Iterator[Cell]:
    def place(level: str, condition: str, method: str = CURVE_METHOD) -> Place:
        return Place(
            stratum=times.stratum,
            variable=parameter,
            variable_level=level,
            method=method,
            subjects_sql=whose_time(times.stratum, parameter, condition),
        )

    yield from counts(place, times)
    yield from landmarks(place, times, LANDMARKS)
    for day, answer in zip(LANDMARKS, _complements(times), strict=True):
        sensitivity = place(f"day {day}", f"e.cnsr = 0 and e.aval <= {day}", COMPLEMENT_METHOD)
        if isinstance(answer, NotEstimable):
            yield from sensitivity.not_estimable(answer.reason, "complement_km")
        else:
            yield from sensitivity.numbers(complement_km=answer)
    yield from _time_lost(place(f"to day {HORIZON}", "true", LOST_METHOD.format(until=HORIZON)), times)


def _complements(times: Times) -> Iterator[float | NotEstimable]:
    """1 - Kaplan-Meier on each landmark, wherever the cumulative incidence it stands beside is there too."""
    survivals = kaplan_meier(times.days, times.causes == 1).at(LANDMARKS)
    incidences = cumulative_incidence(times.days, times.causes).at(LANDMARKS)
    for survival, incidence in zip(survivals, incidences, strict=True):
        if isinstance(incidence, NotEstimable):
            yield incidence
        else:
            yield survival if isinstance(survival, NotEstimable) else 1 - survival.estimate


def _time_lost(place: Place, times: Times) -> Iterator[Cell]:
    found = restricted_mean_time_lost(times.days, times.causes, HORIZON)
    if times.days.size == 0:
        yield from place.not_estimable("no subjects", "time_lost", "ci_low", "ci_high")
    elif isinstance(found, NotEstimable):
        yield from place.estimate("time_lost", found)
    elif found.standard_error == 0:
        yield from place.numbers(time_lost=found.estimate)
        yield from place.not_estimable("its standard error is 0", "ci_low", "ci_high")
    else:
        answer = Estimate(estimate=found.estimate, lower=found.lower, upper=found.upper)
        yield from place.estimate("time_lost", answer)


def _summary(parameter: str, variable: str, times: Times) -> Iterator[Cell]:
    place = Place(
        stratum=times.stratum,
        variable=variable,
        variable_level="with CRS",
        method=SUMMARY_METHOD,
        subjects_sql=whose_time(times.stratum, parameter, "e.cnsr = 0"),
    )
    yield from described(place, times.of_events)


ANALYSIS = Analysis(name="onset", reads=("analysis.strata", "analysis.stratum_times"), compute=compute)
