"""What raises the chance of an event: Firth's logistic regression, which separation cannot break."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import chi2

from pipelines.statistics.effects import Effect, Fit, design, unfit
from pipelines.statistics.estimates import NotEstimable, check_confidence
from pipelines.statistics.penalised import PenalisedLikelihood


def firth_logistic(
    outcomes: ArrayLike,
    covariates: Mapping[str, ArrayLike],
    confidence: float = 0.95,
    least_events_per_variable: float = 5,
) -> Fit | NotEstimable:
    """Odds ratios by Firth's penalised likelihood, with profile limits and likelihood-ratio p-values.

    Args:
        outcomes: 1 or True for subjects with the event, 0 or False for the others.
        covariates: A column for each name, one number a subject, none missing; categories as 0 and 1.
        confidence: Two-sided coverage, between 0 and 1.
        least_events_per_variable: Fewer subjects with the event, or without it if they are fewer, for each
            covariate, and there is no fit.

    Returns:
        Ratios per unit of each covariate, and the penalised log-likelihood, as R's logistf gives them; the
        constant is fitted, not reported.

    Raises:
        ValueError: If an outcome is neither 0 nor 1, or a column is of another length or has missing values.

    Source:
        Firth D. Biometrika 1993;80(1):27-38; Heinze G, Schemper M. Stat Med 2002;21(16):2409-2419.
    """
    y = np.asarray(outcomes, dtype=float)
    if not np.isin(y, (0, 1)).all():
        raise ValueError(f"outcome is {y[~np.isin(y, (0, 1))][0]}; give 1 for the event and 0 for none.")
    x = design(covariates, y.size)
    rarer = int(min(y.sum(), y.size - y.sum()))
    refused = unfit(x, rarer, least_events_per_variable)
    if refused:
        return refused
    try:
        return _fit(y, x, tuple(covariates), confidence)
    except ArithmeticError as error:
        return NotEstimable(reason=str(error))


def _fit(y: np.ndarray, x: np.ndarray, names: tuple[str, ...], confidence: float) -> Fit:
    scale = x.std(axis=0)
    model = PenalisedLikelihood(y=y, x=np.column_stack((np.ones(y.size), (x - x.mean(axis=0)) / scale)))
    beta, best = model.maximise(np.zeros(x.shape[1] + 1))
    return Fit(
        effects=tuple(
            _effect(model, name, place + 1, beta, best, float(scale[place]), confidence)
            for place, name in enumerate(names)
        ),
        subjects=y.size,
        events=int(y.sum()),
        events_per_variable=float(min(y.sum(), y.size - y.sum())) / x.shape[1],
        log_likelihood=best + float(np.log(scale).sum()),
    )


def _effect(
    model: PenalisedLikelihood, name: str, place: int, beta: np.ndarray, best: float, scale: float, confidence: float
) -> Effect:
    drop = float(chi2.isf(1 - check_confidence(confidence), 1)) / 2
    error = float(model.standard_errors(beta)[place])
    lower, upper = (_limit(model, place, beta, best - drop, reach) for reach in (-error, error))
    ratio_statistic = 2 * (best - model.profile(beta, place, 0.0))
    return Effect(
        name=name,
        coefficient=float(beta[place]) / scale,
        ratio=float(np.exp(beta[place] / scale)),
        lower=float(np.exp(lower / scale)),
        upper=float(np.exp(upper / scale)),
        p_value=float(chi2.sf(max(ratio_statistic, 0.0), 1)),
    )


def _limit(model: PenalisedLikelihood, place: int, beta: np.ndarray, level: float, reach: float) -> float:
    """Where the profile falls to ``level``, looking from the estimate outwards in strides of ``reach``."""
    try:
        found = model.limit(beta, place, level, 1 if reach > 0 else -1)
    except ArithmeticError:
        found = None
    if found is not None and (found - beta[place]) * reach > 0:
        return found

    def above(value: float) -> float:
        return model.profile(beta, place, value) - level

    near = far = float(beta[place])
    while above(far) > 0:
        near, far = far, far + 2 * reach
    return brentq(above, near, far, xtol=1e-11, full_output=True)[0]
