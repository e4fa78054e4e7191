"""When CRS began, with re-treatment and new anticancer therapy competing too: how much hangs on leaving them out."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.onset import LANDMARKS
from pipelines.analyses.over_time import counts, landmarks
from pipelines.analyses.times import Times, each_stratum, times_of
from pipelines.analyses.whose import whose_time

METHOD = (
    "Sensitivity: Aalen-Johansen cumulative incidence, death without it, re-treatment (a study dose after a pause "
    "longer than the onset window) and new anticancer therapy all competing, standard error as in SAS and cmprsk, "
    "log(-log) 95 % confidence interval; elapsed days, first dose = 0; therapy dated only by its month or year, or by "
    "the day of time zero, is left out"
)
# Each parameter beside the one in which a change of treatment changes nothing.
EVENTS = {"TTCRSX": "TTCRS", "TTCRSX2": "TTCRS2", "TTCRSX3": "TTCRS3"}
CHANGED = 3


def compute(tables: Tables) -> Iterator[Cell]:
    """Counts and landmark incidences with a change of treatment competing, in each stratum."""
    rows = tables["analysis.stratum_times"]
    for parameter in EVENTS:
        chosen = rows.filter(pl.col("paramcd") == parameter)
        for stratum, part in each_stratum(tables["analysis.strata"], chosen):
            yield from _of_event(parameter, times_of(stratum, part))


def _of_event(parameter: str, times: Times) -> Iterator[Cell]:
    def place(level: str, condition: str) -> Place:
        return Place(
            stratum=times.stratum,
            variable=parameter,
            variable_level=level,
            method=METHOD,
            subjects_sql=whose_time(times.stratum, parameter, condition),
        )

    yield from counts(place, times)
    yield from place("change of treatment", "e.cnsr = 3").numbers(n_competing=times.count(CHANGED))
    yield from landmarks(place, times, LANDMARKS)


ANALYSIS = Analysis(name="onset_sensitivity", reads=("analysis.strata", "analysis.stratum_times"), compute=compute)
