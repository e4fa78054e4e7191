"""Who was treated with what, on which occasion, and how soon after onset."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.grades import LEVELS, SPLITS, chosen
from pipelines.analyses.summaries import described
from pipelines.analyses.times import each_stratum, times_of
from pipelines.analyses.whose import quoted, whose, whose_time

TREATMENTS = (
    "tocilizumab",
    "corticosteroids",
    "other_anticytokine",
    "vasopressors",
    "respiratory_support",
    "icu",
)
# Occasion, and whom it can concern.
OCCASIONS = {
    "any time": ("true", "any time after the first dose; denominator all treated subjects"),
    "during CRS": ("r.episodes > 0", "from onset to the end of an episode; denominator subjects with CRS"),
    "before onset": (
        "r.episodes > 0",
        "from the premedication window to the first onset; denominator subjects with CRS",
    ),
}
LIMITS = "Clopper-Pearson exact 95 % confidence interval"
TIME_METHOD = (
    "Days from onset of the episode with the highest grade to the first in it, among subjects treated in it; support "
    "that was running at onset counts as day 0; quantiles of type 2"
)
TIMED = {
    "TTTOCI": "tocilizumab",
    "TTSTER": "corticosteroids",
    "TTANTI": "other_anticytokine",
    "TTVASO": "vasopressors",
    "TTRESP": "respiratory_support",
    "TTICU": "icu",
}


def compute(tables: Tables) -> Iterator[Cell]:
    """Numbers and proportions of each treatment and occasion, and times from onset, in each stratum and grade."""
    grades = {stratum: part for (stratum,), part in tables["analysis.grade_counts"].group_by("stratum")}
    for stratum, counts in each_stratum(tables["analysis.strata"], tables["analysis.treatment_counts"]):
        for level in ("all", *SPLITS):
            yield from _of_grade(stratum, level, counts, grades[stratum])
    times = tables["analysis.stratum_times"]
    for parameter, treatment in TIMED.items():
        rows = times.filter((pl.col("paramcd") == parameter) & (pl.col("cnsr") == 0))
        for stratum, part in each_stratum(tables["analysis.strata"], rows):
            yield from _times(stratum, parameter, treatment, part)


def _of_grade(stratum: str, level: str, counts: pl.DataFrame, grades: pl.DataFrame) -> Iterator[Cell]:
    of_level = pl.lit(True) if level == "all" else chosen(level)
    # Among all subjects only "any time" makes sense; the other occasions are of those with CRS.
    occasions = ("any time",) if level == "all" else OCCASIONS
    subjects = int(grades.filter((pl.col("n") > 0) & of_level)["n"].sum())
    for treatment in TREATMENTS:
        given = counts.filter(of_level & (pl.col("treatment") == treatment))
        for occasion in occasions:
            n = int(given.filter(pl.col("occasion") == occasion)["n"].sum())
            place = _place(stratum, level, treatment, occasion)
            yield from place.share(n, subjects)


def _place(stratum: str, level: str, treatment: str, occasion: str) -> Place:
    _, meaning = OCCASIONS[occasion]
    condition = "true" if level == "all" else LEVELS[level]
    also = "join subject_treatments as t using (studyid, usubjid, part) "
    chosen_rows = f"{condition} and t.treatment = {quoted(treatment)} and t.occasion = {quoted(occasion)}"
    return Place(
        stratum=stratum,
        by_variable=None if level == "all" else "max_grade",
        by_level=None if level == "all" else level,
        variable=treatment,
        variable_level=occasion,
        method=f"Subjects given it {meaning}{'' if level == 'all' else ' of that highest grade'}; {LIMITS}",
        subjects_sql=whose(stratum, chosen_rows, also),
        among_sql=whose(stratum, condition),
    )


def _times(stratum: str, parameter: str, treatment: str, rows: pl.DataFrame) -> Iterator[Cell]:
    place = Place(
        stratum=stratum,
        variable=f"{treatment}_days_from_onset",
        variable_level="first episode",
        method=TIME_METHOD,
        subjects_sql=whose_time(stratum, parameter, "e.cnsr = 0"),
    )
    yield from described(place, times_of(stratum, rows).of_events)


ANALYSIS = Analysis(
    name="interventions",
    reads=("analysis.strata", "analysis.grade_counts", "analysis.treatment_counts", "analysis.stratum_times"),
    compute=compute,
)
