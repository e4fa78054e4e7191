"""Whether CRS was rarer where something was done to prevent it: crude, and standardised over confounders."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Tables
from pipelines.analyses.grades import LEVELS, chosen
from pipelines.analyses.preventive_measures import Measure, measures
from pipelines.statistics import (
    NotEstimable,
    Standardised,
    TwoGroups,
    describe,
    fisher_p_value,
    miettinen_nurminen,
    propensities,
    standardised_risks,
)

EVENTS = ("any", ">=2", ">=3")
SEED, REPLICATES, FEW_REPLICATES, LARGE = 20_240_501, 1000, 200, 5000
CAUTION = "observational: those who had it and those who had not may differ in ways that no model holds fixed"
GRADES = "subjects by highest grade, CRS without a grade counted as any CRS and not as grade 2 or 3"
METHODS = {
    "yes": f"Clopper-Pearson exact 95 % confidence interval, among subjects who had the measure; {GRADES}",
    "no": f"Clopper-Pearson exact 95 % confidence interval, among subjects who had not the measure; {GRADES}",
    "unknown": "Treated subjects of whom it cannot be told whether they had the measure, left out of every comparison",
    "crude": "Risk with the measure less risk without, Miettinen-Nurminen 95 % score interval, Fisher's exact p-value; "
    f"{GRADES}; {CAUTION}",
    "adjusted": "Risks were all to have had the measure and were none, by g-computation with a logistic model",
    "propensity": "Chance of having had the measure by a logistic model of the confounders, quantiles of type 2",
    "outside": "Share, among subjects with an answer and all confounders, of those whose chance of the measure by a "
    "logistic model of the confounders is outside the range that both groups have",
}


def compute(tables: Tables) -> Iterator[Cell]:
    """Risks with and without each measure, their difference crude and adjusted, and the overlap of the two groups."""
    key = ["studyid", "usubjid"]
    baseline = tables["analysis.baseline"].sort(key)
    results = tables["analysis.subject_results"].filter(pl.col("part") == "all")
    grades = baseline.select(key).join(results.select(*key, "grade"), on=key, how="left", maintain_order="left")
    had = {event: grades.select(chosen(event)).to_series().to_numpy().astype(float) for event in EVENTS}
    for measure in measures(tables, baseline):
        yield from _unknown(measure)
        chances = propensities(measure.exposed[measure.usable], measure.columns())
        yield from _overlap(measure, chances)
        for event in EVENTS:
            yield from _crude(measure, event, had[event])
            yield from _adjusted(measure, event, had[event], chances)


def _unknown(measure: Measure) -> Iterator[Cell]:
    place = measure.place("exposure", "exposure", "unknown", METHODS["unknown"], "v.is_exposed is null")
    yield from place.numbers(n=int(np.isnan(measure.exposed).sum()))


def _crude(measure: Measure, event: str, had: np.ndarray) -> Iterator[Cell]:
    counts = {}
    for level, value, condition in (("yes", 1.0, "v.is_exposed"), ("no", 0.0, "not v.is_exposed")):
        of = measure.exposed == value
        counts[level] = int(had[of].sum()), int(of.sum())
        place = measure.place(event, "exposure", level, METHODS[level], LEVELS[event], condition)
        yield from place.share(*counts[level])
    groups = TwoGroups(
        events=counts["yes"][0],
        subjects=counts["yes"][1],
        reference_events=counts["no"][0],
        reference_subjects=counts["no"][1],
    )
    place = measure.place(event, "comparison", "crude", METHODS["crude"], LEVELS[event], "v.is_exposed is not null")
    yield from place.estimate("difference", miettinen_nurminen([groups]))
    p_value = fisher_p_value(groups)
    if isinstance(p_value, NotEstimable):
        yield from place.not_estimable(p_value.reason, "p_value")
    else:
        yield from place.numbers(p_value=p_value)


def _adjusted(measure: Measure, event: str, had: np.ndarray, chances: np.ndarray | NotEstimable) -> Iterator[Cell]:
    usable = measure.usable
    replicates = REPLICATES if usable.sum() <= LARGE else FEW_REPLICATES
    answer = chances if isinstance(chances, NotEstimable) else _standardised(measure, had[usable], replicates)
    method = _method(measure, replicates)
    place = measure.place(event, "comparison", "adjusted", method, measure.condition)
    ratio = measure.place(event, "comparison", "adjusted ratio", method, measure.condition)
    yield from place.numbers(n=int(usable.sum()))
    if isinstance(answer, NotEstimable):
        names = ("risk_exposed", "risk_unexposed", "difference", "ci_low", "ci_high")
        yield from place.not_estimable(answer.reason, *names)
        yield from ratio.not_estimable(answer.reason, "risk_ratio", "ci_low", "ci_high")
        return
    yield from place.numbers(risk_exposed=answer.risk_exposed, risk_unexposed=answer.risk_unexposed)
    yield from place.estimate("difference", answer.difference)
    yield from ratio.estimate("risk_ratio", answer.ratio)


def _standardised(measure: Measure, had: np.ndarray, replicates: int) -> Standardised | NotEstimable:
    exposed = measure.exposed[measure.usable]
    return standardised_risks(had, exposed, measure.columns(), seed=SEED, replicates=replicates)


def _method(measure: Measure, replicates: int) -> str:
    influence = "percentile bootstrap of influence functions on the scale of log odds"
    how = "percentile bootstrap" if replicates == REPLICATES else influence
    return (
        f"{METHODS['adjusted']} holding fixed {_fixed(measure)}; 95 % {how}, {replicates} replicates, seed {SEED}; no "
        "fit with fewer than 5 events (or subjects without, if fewer) per variable, nor where a variable separates the "
        f"events; {GRADES}; {CAUTION}"
    )


def _fixed(measure: Measure) -> str:
    labels = ", ".join(one.label for one in measure.confounders)
    return f"{labels}, complete cases, a level that none or all of them have left out" if labels else "nothing"


def _overlap(measure: Measure, answer: np.ndarray | NotEstimable) -> Iterator[Cell]:
    exposed = measure.exposed[measure.usable]
    method = f"{METHODS['propensity']}: {_fixed(measure)}"
    groups = {}
    for level, value, condition in (("yes", 1.0, "v.is_exposed"), ("no", 0.0, "not v.is_exposed")):
        place = measure.place("overlap", "propensity", level, method, f"{condition} and {measure.condition}")
        yield from place.numbers(n=int((exposed == value).sum()))
        if isinstance(answer, NotEstimable):
            yield from place.not_estimable(answer.reason, "min", "q1", "median", "q3", "max")
            continue
        found = groups[level] = describe(answer[exposed == value])
        yield from place.numbers(min=found.minimum, q1=found.q1, median=found.median, q3=found.q3, max=found.maximum)
    outside = measure.place("overlap", "propensity", "outside common support", METHODS["outside"], measure.condition)
    if isinstance(answer, NotEstimable):
        yield from outside.not_estimable(answer.reason, "p")
        return
    low = max(group.minimum for group in groups.values())
    high = min(group.maximum for group in groups.values())
    yield from outside.numbers(p=float(((answer < low) | (answer > high)).mean()))


ANALYSIS = Analysis(
    name="prevention_results",
    reads=(
        "analysis.strata",
        "analysis.baseline",
        "analysis.subject_results",
        "analysis.prevention",
        "reference.covariates",
        "reference.preventive_measures",
        "study.parameters",
    ),
    compute=compute,
)
