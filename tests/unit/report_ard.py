"""Analysis results of made-up subjects."""

from collections.abc import Iterator
from itertools import product

import polars as pl

from tests.unit.report_counts import (
    duration,
    incidence,
    interventions,
    onset,
    onset_curves,
    outcome,
    resolution_curve,
    result,
)
from tests.unit.report_people import BURDENS, DOSES, THERAPIES, Person

COLUMNS = dict.fromkeys(["cell_id", "analysis", "study", "cut", "population", "scale", "source"], pl.String) | {
    **{name: pl.String for i in (1, 2, 3) for name in (f"group{i}", f"group{i}_level")},
    **dict.fromkeys(["by_variable", "by_level", "variable", "variable_level", "stat_name", "stat_label"], pl.String),
    "stat": pl.Float64,
    **dict.fromkeys(["stat_text", "method", "warning", "subjects_sql"], pl.String),
    "position": pl.Int64,
}


def ard(subjects: list[Person]) -> pl.DataFrame:
    """The subjects counted."""
    rows = [row for groups, part in strata_of(subjects) for row in _rows(groups, part)]
    return pl.DataFrame(
        [
            {**_COMMON, **row, "cell_id": f"c{i:06}", "position": i}
            for i, row in enumerate(_population(subjects) + rows)
        ],
        schema=COLUMNS,
    )


_COMMON = {"study": "DEMO-1", "cut": "2026-06-30", "population": "Safety", "scale": "ASTCT 2019", "source": "reported"}


def _population(subjects: list[Person]) -> list[dict]:
    sizes = {"in DM": len(subjects) + 2, "treated": len(subjects), "not treated": 2}
    return [result("population", "subjects", level, "n", n, "Subjects in DM") for level, n in sizes.items()]


def strata_of(subjects: list[Person]) -> Iterator[tuple[dict, list[Person]]]:
    """The groups of every stratum, and its subjects."""
    yield {}, subjects
    for name, field, levels in (
        ("therapy", "therapy", THERAPIES),
        ("dose", "dose", DOSES),
        ("tumour_burden", "burden", BURDENS),
    ):
        extra = () if all(getattr(p, field) in levels for p in subjects) else ("Missing",)
        for level in (*levels, *extra):
            yield {"group1": name, "group1_level": level}, [p for p in subjects if getattr(p, field) == level]
    for t, d, b in product(THERAPIES, DOSES, BURDENS):
        groups = {"group1": "therapy", "group1_level": t, "group2": "dose", "group2_level": d}
        part = [p for p in subjects if (p.therapy, p.dose, p.burden) == (t, d, b)]
        yield {**groups, "group3": "tumour_burden", "group3_level": b}, part


def _rows(groups: dict, part: list[Person]) -> Iterator[dict]:
    ill = [p for p in part if p.grade != 0]
    for row in (*incidence(part), *onset(part, ill), *outcome(ill), *duration(ill), *interventions(part, ill)):
        yield {**groups, **row}
    if "group2" not in groups:
        for row in (*onset_curves(part, ill), *resolution_curve(ill)):
            yield {**groups, **row}
