"""Footnotes: population, grades, estimators and the parameters in force, said in one place."""

from collections.abc import Iterable, Iterator

import polars as pl

from reports.material import Material
from reports.results import Cells, Results
from reports.strata import has_missing

POPULATIONS = {"Safety": "Safety population: subjects with at least one dose of study treatment."}
SOURCES = {
    "reported": "as reported by the investigator",
    "derived": "derived from the recorded signs",
    "derived and reported": "derived from the recorded signs in some studies, as the investigator reported in others",
}
DAYS = "Days are elapsed days: 0 is the day of the first dose of study treatment."
NOT_ESTIMABLE = "NE: not estimable. NR: not reached. –: no subjects."
GRADING = ("grading.primary", "grading.episode_gap_days", "grading.onset_window_days")
STRATA = (
    "therapy.variable",
    "dose.variable",
    "dose.by",
    "dose.unit",
    "tumour_burden.variable",
    "tumour_burden.unit",
    "tumour_burden.cut",
)
STEPS = (
    "Dose levels are steps: a subject counts in every level received, observed from the first dose of that level "
    "to the first later dose of another, and days count from the first dose of that level."
)
MISSING = (
    "Missing: the level is not recorded, or study.yaml does not say how to find it; such subjects are never dropped."
)


def grades(results: Results) -> str:
    """Whose grades, on which scale."""
    source = SOURCES.get(results.source, results.source)
    return f"Grades: {results.scale}, {source}; each subject once, at the highest grade."


def population(results: Results) -> str:
    """Who was counted."""
    return POPULATIONS.get(results.population, f"{results.population} population.")


def estimators(*places: Cells) -> tuple[str, ...]:
    """The methods of the numbers at these places, each once.

    Args:
        places: Statistics by name, as ``Results.at`` gives them.
    """
    return tuple(dict.fromkeys(f"{cell.method}." for cells in places for cell in cells.values()))


def strata(results: Results, material: Material) -> tuple[str, ...]:
    """How the strata are cut, and what Missing and steps mean where there are such."""
    steps = (STEPS,) if "dose_number" in dict(settings(material)).get("dose.by", "") else ()
    return (in_force(material, STRATA, "Strata"), *steps, *missing(results))


def missing(results: Results) -> tuple[str, ...]:
    """What Missing means, where there is such a level."""
    return (MISSING,) if has_missing(results) else ()


def in_force(material: Material, keys: Iterable[str], what: str = "Parameters in force (all are in T9)") -> str:
    """The values of these settings, in one sentence.

    Args:
        material: Where they stand.
        keys: Paths in study.yaml; those the study does not have are left out.
        what: What they are.
    """
    values = dict(settings(material))
    said = "; ".join(f"{key} = {values[key]}" for key in keys if key in values)
    return f"{what}: {said}."


def settings(material: Material) -> Iterator[tuple[str, str]]:
    """Every setting and its value; where pooled studies differ, or one lacks it, each value with its study."""
    told = material.tables["settings"].with_columns(pl.col("value").fill_null("none"))
    for (key,), rows in told.group_by("key", maintain_order=True):
        values = rows["value"].unique()
        if len(values) == 1 and rows.height == told["studyid"].n_unique():
            yield str(key), values[0]
        else:
            yield str(key), ", ".join(f"{value} ({study})" for value, study in rows.select("value", "studyid").rows())
