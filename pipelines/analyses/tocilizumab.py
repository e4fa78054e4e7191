"""How soon tocilizumab was given in the worst episode, by its grade, with its end without it competing."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.grades import LEVELS, SPLITS, chosen
from pipelines.analyses.over_time import counts, landmarks
from pipelines.analyses.times import Times, each_stratum, times_of
from pipelines.analyses.whose import whose_time

METHOD = (
    "Episode with the highest grade; Aalen-Johansen cumulative incidence of tocilizumab from onset, resolution without "
    "it and death without it competing, standard error as in SAS and cmprsk, log(-log) 95 % confidence interval; "
    "elapsed days; subjects with CRS, by the highest grade that the episode came to, which is known only afterwards"
)
LANDMARKS = (1, 2, 3, 7)
PARAMETER = "TTTOCI"


def compute(tables: Tables) -> Iterator[Cell]:
    """Counts and landmark incidences of tocilizumab in each stratum and grade."""
    rows = tables["analysis.stratum_times"].filter(pl.col("paramcd") == PARAMETER)
    for stratum, part in each_stratum(tables["analysis.strata"], rows):
        for level in SPLITS:
            yield from _of_grade(level, times_of(stratum, part.filter(chosen(level))))


def _of_grade(grade: str, times: Times) -> Iterator[Cell]:
    def place(level: str, condition: str) -> Place:
        return Place(
            stratum=times.stratum,
            by_variable="max_grade",
            by_level=grade,
            variable=PARAMETER,
            variable_level=level,
            method=METHOD,
            subjects_sql=whose_time(times.stratum, PARAMETER, f"{LEVELS[grade]} and {condition}"),
        )

    yield from counts(place, times)
    yield from landmarks(place, times, LANDMARKS)


ANALYSIS = Analysis(name="tocilizumab", reads=("analysis.strata", "analysis.stratum_times"), compute=compute)
