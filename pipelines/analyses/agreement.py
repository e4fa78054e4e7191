"""How far two gradings of the same subjects agree: reported against derived, and scale against scale."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product

import numpy as np
import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.times import each_stratum
from pipelines.analyses.whose import quoted, whose
from pipelines.statistics import weighted_kappa

# Subjects by the two grades of each, 0 for no CRS; None is CRS without a grade, or CRS that could not be assessed.
Counts = Mapping[tuple[int | None, int | None], int]
Graded = Mapping[tuple[int, int], int]

GRADES = (0, 1, 2, 3, 4, 5)
COMPARED = "p.first_grade is not null and p.second_grade is not null"
LEFT_OUT = "(p.first_grade is null or p.second_grade is null)"
# How two grades can agree, and whose do.
AGREEMENTS: Mapping[str, tuple[Callable[[int, int], bool], str]] = {
    "same grade": (lambda first, second: first == second, "p.first_grade = p.second_grade"),
    "within one grade": (
        lambda first, second: abs(first - second) <= 1,
        "abs(p.first_grade - p.second_grade) <= 1",
    ),
    "CRS or none": (
        lambda first, second: (first > 0) == (second > 0),
        "(p.first_grade > 0) = (p.second_grade > 0)",
    ),
}
WHO = (
    "subjects by highest grade, 0 for no CRS; those without a grade by either of the two (CRS without a grade, "
    "or no temperature after the first dose) are left out"
)
METHODS = {
    "cross table": "Subjects by highest grade, 0 for no CRS, by the first grading and by the second; missing is CRS "
    "without a grade, or no temperature after the first dose",
    "compared": "Subjects with a grade, or no CRS, by both gradings, and those left out; denominator all treated "
    "subjects of studies that have both gradings",
    "agreement": f"Clopper-Pearson exact 95 % confidence interval; {WHO}",
    "kappa": "Cohen's kappa with linear (Cicchetti-Allison) weights, large-sample 95 % confidence interval, "
    f"not cut off at 1 (Fleiss, Cohen and Everitt 1969); {WHO}",
}


def compute(tables: Tables) -> Iterator[Cell]:
    """Cross table, agreement and weighted kappa of each pair of gradings, in each stratum of one variable."""
    counts = tables["analysis.pair_counts"]
    strata = tables["analysis.strata"].join(counts, on="stratum", how="semi")
    for (pair,), of_pair in counts.sort("position", "pair").group_by("pair", maintain_order=True):
        for stratum, rows in each_stratum(strata, of_pair):
            yield from _of_stratum(stratum, str(pair), _counted(rows))


def _counted(rows: pl.DataFrame) -> Counts:
    return {(first, second): n for first, second, n in rows.select("first_grade", "second_grade", "n").iter_rows()}


def _graded(counts: Counts) -> Graded:
    return {(first, second): n for (first, second), n in counts.items() if first is not None and second is not None}


def _of_stratum(stratum: str, pair: str, counts: Counts) -> Iterator[Cell]:
    # By stratum the table would have more cells than subjects.
    if stratum == "overall":
        yield from _cross_table(stratum, pair, counts)
    graded = _graded(counts)
    subjects, compared = sum(counts.values()), sum(graded.values())
    yield from _place(stratum, pair, "compared", "compared", COMPARED, "true").numbers(n=compared, N=subjects)
    yield from _place(stratum, pair, "left out", "compared", LEFT_OUT, "true").numbers(
        n=subjects - compared, N=subjects
    )
    for level, (agree, condition) in AGREEMENTS.items():
        n = sum(n for (first, second), n in graded.items() if agree(first, second))
        yield from _place(stratum, pair, level, "agreement", f"{COMPARED} and {condition}", COMPARED).share(n, compared)
    yield from _kappa(_place(stratum, pair, "weighted kappa", "kappa", COMPARED, COMPARED), graded)


def _cross_table(stratum: str, pair: str, counts: Counts) -> Iterator[Cell]:
    for first, second in product((*GRADES, None), repeat=2):
        place = Place(
            stratum=stratum,
            by_variable="first_grade",
            by_level=_level(first),
            variable=pair,
            variable_level=_level(second),
            method=METHODS["cross table"],
            subjects_sql=_whose(stratum, pair, f"{_is('first_grade', first)} and {_is('second_grade', second)}"),
        )
        yield from place.numbers(n=counts.get((first, second), 0))


def _kappa(place: Place, graded: Graded) -> Iterator[Cell]:
    table = np.array([[graded.get((first, second), 0) for second in GRADES] for first in GRADES])
    yield from place.numbers(N=int(table.sum()))
    yield from place.estimate("kappa", weighted_kappa(table, "linear"))


def _place(stratum: str, pair: str, level: str, method: str, condition: str, among: str) -> Place:
    return Place(
        stratum=stratum,
        variable=pair,
        variable_level=level,
        method=METHODS[method],
        subjects_sql=_whose(stratum, pair, condition),
        among_sql=_whose(stratum, pair, among),
    )


def _whose(stratum: str, pair: str, condition: str) -> str:
    also = "join grade_pairs as p using (studyid, usubjid) "
    return whose(stratum, f"p.pair = {quoted(pair)} and {condition}", also)


def _is(column: str, grade: int | None) -> str:
    return f"p.{column} is null" if grade is None else f"p.{column} = {grade}"


def _level(grade: int | None) -> str:
    return "missing" if grade is None else str(grade)


ANALYSIS = Analysis(name="agreement", reads=("analysis.strata", "analysis.pair_counts"), compute=compute)
