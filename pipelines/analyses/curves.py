"""The curves that are drawn: cumulative incidence of onset and of resolution, on a fixed grid of days."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.times import Times, each_stratum, times_of
from pipelines.analyses.whose import whose_time
from pipelines.statistics import NotEstimable, cumulative_incidence, numbers_at_risk

METHOD = (
    "Aalen-Johansen cumulative incidence, death competing, standard error as in SAS and cmprsk, log(-log) 95 % "
    "confidence interval; elapsed days"
)
GRID = tuple(float(day) for day in np.arange(0, 28.25, 0.25))
RISK_DAYS = (0, 1, 2, 3, 7, 14, 21, 28)
# A figure of more lines than this cannot be read, so crossed strata have no curve.
CURVES = {"onset_curve": ("TTCRS", "TTCRS2", "TTCRS3"), "duration_curve": ("TTRES",)}


def _compute(parameters: tuple[str, ...], tables: Tables) -> Iterator[Cell]:
    strata = tables["analysis.strata"].filter(pl.col("group2").is_null())
    for parameter in parameters:
        rows = tables["analysis.stratum_times"].filter(pl.col("paramcd") == parameter)
        for stratum, part in each_stratum(strata, rows):
            yield from _curve(parameter, times_of(stratum, part))


def _curve(parameter: str, times: Times) -> Iterator[Cell]:
    def place(day: float, condition: str) -> Place:
        return Place(
            stratum=times.stratum,
            variable=parameter,
            variable_level=f"day {day:g}",
            method=METHOD,
            subjects_sql=whose_time(times.stratum, parameter, condition),
        )

    event = cumulative_incidence(times.days, times.causes).at(GRID)
    competing = cumulative_incidence(times.days, times.causes, cause=2).at(GRID)
    for day, wanted, other in zip(GRID, event, competing, strict=True):
        # A curve ends with the last subject observed; the landmark table says why.
        if not isinstance(wanted, NotEstimable) and not isinstance(other, NotEstimable):
            yield from place(day, f"e.cnsr = 0 and e.aval <= {day:g}").point(wanted)
            yield from place(day, f"e.cnsr = 2 and e.aval <= {day:g}").numbers(cif_competing=other.estimate)
    for day, count in zip(RISK_DAYS, numbers_at_risk(times.days, RISK_DAYS), strict=True):
        yield from place(day, f"e.aval >= {day}").numbers(at_risk=count)


ONSET = Analysis(
    name="onset_curve",
    reads=("analysis.strata", "analysis.stratum_times"),
    compute=lambda tables: _compute(CURVES["onset_curve"], tables),
)
DURATION = Analysis(
    name="duration_curve",
    reads=("analysis.strata", "analysis.stratum_times"),
    compute=lambda tables: _compute(CURVES["duration_curve"], tables),
)
