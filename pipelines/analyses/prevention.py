"""Whether CRS was rarer where something was done to prevent it: crude, and standardised over confounders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.covariates import Covariate, complete, covariates, strata_levels, together, without_steps
from pipelines.analyses.grades import LEVELS, chosen
from pipelines.analyses.levels import is_stepped
from pipelines.analyses.whose import quoted
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
METHODS = {
    "yes": "Subjects who had the measure; Clopper-Pearson exact 95 % confidence interval",
    "no": "Subjects who had not; Clopper-Pearson exact 95 % confidence interval",
    "unknown": "Treated subjects of whom it cannot be told",
    "crude": "Risk with the measure less risk without, Miettinen-Nurminen 95 % score interval, Fisher's exact p-value; "
    f"{CAUTION}",
    "adjusted": "Risks were all to have had the measure and were none, by g-computation with a logistic model",
    "propensity": "Chance of having had the measure by a logistic model of the confounders; quantiles of type 2",
    "outside": "Share of subjects whose chance of the measure is outside the range that both groups have",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class _Measure:
    """A measure, whether each subject had it (NaN when it cannot be told), and the confounders held fixed."""

    name: str
    label: str
    exposed: np.ndarray
    confounders: Sequence[Covariate]

    @property
    def usable(self) -> np.ndarray:
        """Whom an adjusted comparison takes: those with an answer and every confounder."""
        return complete(self.confounders, self.exposed.size) & np.isfinite(self.exposed)

    def columns(self) -> np.ndarray:
        """The confounders of those, subjects x columns."""
        values = [values[self.usable] for one in self.confounders for values in one.columns.values()]
        return np.column_stack(values) if values else np.empty((int(self.usable.sum()), 0))

    def place(self, event: str, by: str, level: str, method: str, condition: str, among: str = "true") -> Place:
        """Where a number of the measure stands."""
        return Place(
            stratum="overall",
            by_variable=by,
            by_level=level,
            variable=self.label,
            variable_level=event,
            method=method,
            subjects_sql=self._whose(f"{among} and {condition}"),
            among_sql=self._whose(among),
        )

    def _whose(self, condition: str) -> str:
        return (
            "select b.studyid, b.usubjid from baseline as b join prevention as v using (studyid, usubjid) "
            "join subject_results as r on r.studyid = b.studyid and r.usubjid = b.usubjid and r.part = 'all' "
            f"where v.measure = {quoted(self.name)} and {condition} order by all"
        )


def compute(tables: Tables) -> Iterator[Cell]:
    """Risks with and without each measure, their difference crude and adjusted, and the overlap of the two groups."""
    key = ["studyid", "usubjid"]
    baseline = tables["analysis.baseline"].sort(key)
    results = tables["analysis.subject_results"].filter(pl.col("part") == "all")
    grades = baseline.select(key).join(results.select(*key, "grade"), on=key, how="left", maintain_order="left")
    had = {event: grades.select(chosen(event)).to_series().to_numpy().astype(float) for event in EVENTS}
    stepped, levels = is_stepped(tables), strata_levels(tables["analysis.strata"])
    candidates = [without_steps(one, stepped) for one in covariates(tables["reference.covariates"], baseline, levels)]
    for row in tables["reference.preventive_measures"].sort("position").iter_rows(named=True):
        of = tables["analysis.prevention"].filter(pl.col("measure") == row["measure"])
        told = baseline.select(key).join(of.select(*key, "is_exposed"), on=key, how="left", maintain_order="left")
        kept, _ = together([one for one in candidates if one.name != row["not_adjusted_for"]])
        exposed = told["is_exposed"].cast(pl.Float64).to_numpy().astype(float)
        measure = _Measure(name=row["measure"], label=row["label"], exposed=exposed, confounders=kept)
        yield from _unknown(measure)
        chances = propensities(exposed[measure.usable], measure.columns())
        yield from _overlap(measure, chances)
        for event in EVENTS:
            yield from _crude(measure, event, had[event])
            yield from _adjusted(measure, event, had[event], chances)


def _unknown(measure: _Measure) -> Iterator[Cell]:
    place = measure.place("exposure", "exposure", "unknown", METHODS["unknown"], "v.is_exposed is null")
    yield from place.numbers(n=int(np.isnan(measure.exposed).sum()))


def _crude(measure: _Measure, event: str, had: np.ndarray) -> Iterator[Cell]:
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


def _adjusted(measure: _Measure, event: str, had: np.ndarray, chances: np.ndarray | NotEstimable) -> Iterator[Cell]:
    usable = measure.usable
    replicates = REPLICATES if usable.sum() <= LARGE else FEW_REPLICATES
    answer = chances if isinstance(chances, NotEstimable) else _standardised(measure, had[usable], replicates)
    method = _method(measure, replicates)
    condition = " and ".join(["v.is_exposed is not null", *(one.condition for one in measure.confounders)])
    place = measure.place(event, "comparison", "adjusted", method, condition)
    ratio = measure.place(event, "comparison", "adjusted ratio", method, condition)
    yield from place.numbers(n=int(usable.sum()))
    if isinstance(answer, NotEstimable):
        names = ("risk_exposed", "risk_unexposed", "difference", "ci_low", "ci_high")
        yield from place.not_estimable(answer.reason, *names)
        yield from ratio.not_estimable(answer.reason, "risk_ratio", "ci_low", "ci_high")
        return
    yield from place.numbers(risk_exposed=answer.risk_exposed, risk_unexposed=answer.risk_unexposed)
    yield from place.estimate("difference", answer.difference)
    yield from ratio.estimate("risk_ratio", answer.ratio)


def _standardised(measure: _Measure, had: np.ndarray, replicates: int) -> Standardised | NotEstimable:
    exposed = measure.exposed[measure.usable]
    return standardised_risks(had, exposed, measure.columns(), seed=SEED, replicates=replicates)


def _method(measure: _Measure, replicates: int) -> str:
    fixed = ", ".join(one.label for one in measure.confounders) or "nothing"
    how = "percentile bootstrap" if replicates == REPLICATES else "percentile bootstrap of influence functions"
    return (
        f"{METHODS['adjusted']} holding fixed {fixed}, complete cases; 95 % {how}, {replicates} replicates, "
        f"seed {SEED}; no fit with fewer than 5 events (or subjects without, if fewer) per variable; {CAUTION}"
    )


def _overlap(measure: _Measure, answer: np.ndarray | NotEstimable) -> Iterator[Cell]:
    exposed = measure.exposed[measure.usable]
    known = " and ".join(["true", *(one.condition for one in measure.confounders)])
    groups = {}
    for level, value, condition in (("yes", 1.0, "v.is_exposed"), ("no", 0.0, "not v.is_exposed")):
        place = measure.place("overlap", "propensity", level, METHODS["propensity"], f"{condition} and {known}")
        yield from place.numbers(n=int((exposed == value).sum()))
        if isinstance(answer, NotEstimable):
            yield from place.not_estimable(answer.reason, "min", "q1", "median", "q3", "max")
            continue
        found = groups[level] = describe(answer[exposed == value])
        yield from place.numbers(min=found.minimum, q1=found.q1, median=found.median, q3=found.q3, max=found.maximum)
    outside = measure.place("overlap", "propensity", "outside common support", METHODS["outside"], known)
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
