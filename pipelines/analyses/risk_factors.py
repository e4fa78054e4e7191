"""What raises the chance of CRS: baseline covariates alone and together, by logistic and by Fine-Gray regression."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.covariates import Covariate, complete, covariates, strata_levels, together, without_steps
from pipelines.analyses.grades import LEVELS, chosen
from pipelines.analyses.levels import is_stepped
from pipelines.analyses.times import CAUSE_OF_CNSR
from pipelines.analyses.whose import quoted
from pipelines.statistics import Fit, NotEstimable, fine_gray, firth_logistic

EVENTS = {"any": "TTCRS", ">=2": "TTCRS2", ">=3": "TTCRS3"}
REFUSAL = "no fit with fewer than 5 events (or subjects without, if fewer) per variable"
MODELS = {
    "logistic": "Firth's penalised logistic regression of the highest grade, penalised profile-likelihood 95 % "
    f"confidence interval and likelihood-ratio p-value; {REFUSAL}",
    "Fine-Gray": "Fine-Gray regression of the time to the event, death without it competing, robust 95 % confidence "
    "interval and Wald p-value; no fit with fewer than 5 events per variable",
}
RATIOS = {"logistic": "odds_ratio", "Fine-Gray": "hazard_ratio"}
ALONE, TOGETHER = "univariable", "multivariable"


@dataclass(frozen=True, kw_only=True, eq=False)
class _Outcome:
    """Who had the event, and when; one a subject, in the order of the baseline table."""

    event: str
    had: np.ndarray
    days: np.ndarray
    causes: np.ndarray


def compute(tables: Tables) -> Iterator[Cell]:
    """Odds ratios and subdistribution hazard ratios of each candidate, alone and together, for each event."""
    baseline = tables["analysis.baseline"].sort("studyid", "usubjid")
    stepped, levels = is_stepped(tables), strata_levels(tables["analysis.strata"])
    candidates = [without_steps(one, stepped) for one in covariates(tables["reference.covariates"], baseline, levels)]
    for event, parameter in EVENTS.items():
        outcome = _outcome(event, parameter, baseline, tables)
        for model in MODELS:
            for candidate in candidates:
                yield from _fitted(model, ALONE, outcome, [candidate], {})
            fitted, left_out = together(candidates)
            yield from _fitted(model, TOGETHER, outcome, fitted, left_out)


def _outcome(event: str, parameter: str, baseline: pl.DataFrame, tables: Tables) -> _Outcome:
    results = tables["analysis.subject_results"].filter(pl.col("part") == "all")
    times = tables["analysis.time_to_event"].filter(pl.col("part") == "all", pl.col("paramcd") == parameter)
    key = ["studyid", "usubjid"]
    rows = baseline.select(key).join(results.select(*key, "grade"), on=key, how="left", maintain_order="left")
    rows = rows.join(times.select(*key, "aval", "cnsr"), on=key, how="left", maintain_order="left")
    return _Outcome(
        event=event,
        had=rows.select(chosen(event)).to_series().to_numpy(),
        days=rows["aval"].to_numpy(),
        causes=CAUSE_OF_CNSR[rows["cnsr"].cast(pl.Int64).to_numpy()],
    )


def _fitted(
    model: str, kind: str, outcome: _Outcome, fitted: Sequence[Covariate], left_out: Mapping[Covariate, str]
) -> Iterator[Cell]:
    place = _Places(model=model, kind=kind, event=outcome.event, fitted=tuple(fitted))
    why_not = fitted[0].why_not if len(fitted) == 1 else None
    answer = NotEstimable(reason=why_not) if why_not else _fit(model, outcome, fitted)
    for one in fitted:
        yield from _told(place, one, outcome, answer, fitted)
    for one, reason in left_out.items():
        for column in one.columns:
            yield from place.of(one, column).not_estimable(reason, RATIOS[model], "ci_low", "ci_high", "p_value")


def _fit(model: str, outcome: _Outcome, fitted: Sequence[Covariate]) -> Fit | NotEstimable:
    if not fitted:
        return NotEstimable(reason="no covariate can be fitted")
    known = complete(fitted, outcome.had.size)
    columns = {name: values[known] for one in fitted for name, values in one.columns.items()}
    if not known.any():
        return NotEstimable(reason="no subject has all covariates")
    if model == "logistic":
        return firth_logistic(outcome.had[known], columns)
    return fine_gray(outcome.days[known], outcome.causes[known], columns)


def _told(
    place: "_Places", one: Covariate, outcome: _Outcome, answer: Fit | NotEstimable, fitted: Sequence[Covariate]
) -> Iterator[Cell]:
    known = complete(fitted, outcome.had.size)
    had = outcome.had if place.model == "logistic" else outcome.causes == 1
    events = int(had[known].sum())
    variables = sum(len(each.columns) for each in fitted)
    rarer = min(events, int(known.sum()) - events) if place.model == "logistic" else events
    for column in one.columns:
        yield from place.of(one, column).numbers(n=int(known.sum()))
        yield from place.of(one, column, place.had).numbers(n_events=events)
        yield from place.of(one, column).numbers(events_per_variable=rarer / variables)
        yield from _ratio(place.of(one, column), RATIOS[place.model], column, answer)


def _ratio(place: Place, name: str, column: str, answer: Fit | NotEstimable) -> Iterator[Cell]:
    if isinstance(answer, NotEstimable):
        yield from place.not_estimable(answer.reason, name, "ci_low", "ci_high", "p_value")
        return
    effect = next(effect for effect in answer.effects if effect.name == column)
    yield from place.numbers(**{name: effect.ratio}, ci_low=effect.lower, ci_high=effect.upper, p_value=effect.p_value)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Places:
    """Where the numbers of one fit stand."""

    model: str
    kind: str
    event: str
    fitted: tuple[Covariate, ...]

    @property
    def had(self) -> str:
        """Who had the event, on ``r``, the subject's results, and ``e``, the time."""
        return LEVELS[self.event] if self.model == "logistic" else "e.cnsr = 0"

    def of(self, one: Covariate, column: str, condition: str = "true") -> Place:
        """The place of one comparison of a covariate."""
        together = (
            "" if self.kind == ALONE else f"; together with {', '.join(f.label for f in self.fitted)}, complete cases"
        )
        return Place(
            stratum="overall",
            by_variable=f"{self.model} {self.kind}",
            by_level=one.name,
            variable=self.event,
            variable_level=column,
            method=f"{MODELS[self.model]}; baseline values, subjects who have them{together}",
            subjects_sql=self._whose(condition),
        )

    def _whose(self, condition: str) -> str:
        known = " and ".join(each.condition for each in self.fitted) or "false"
        return (
            "select b.studyid, b.usubjid from baseline as b "
            "join subject_results as r on r.studyid = b.studyid and r.usubjid = b.usubjid and r.part = 'all' "
            "join time_to_event as e on e.studyid = b.studyid and e.usubjid = b.usubjid and e.part = 'all' "
            f"and e.paramcd = {quoted(EVENTS[self.event])} where {known} and {condition} order by all"
        )


ANALYSIS = Analysis(
    name="risk_factors",
    reads=(
        "analysis.strata",
        "analysis.baseline",
        "analysis.subject_results",
        "analysis.time_to_event",
        "reference.covariates",
        "study.parameters",
    ),
    compute=compute,
)
