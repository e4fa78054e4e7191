"""What raises the cumulative incidence of one event when another may come first: Fine-Gray regression."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from pipelines.statistics.arrays import timed
from pipelines.statistics.effects import Effect, Fit, design, unfit
from pipelines.statistics.estimates import NotEstimable, normal_quantile
from pipelines.statistics.subdistribution import Subdistribution

# Columns are standardised: beyond this, one standard deviation would mean a ratio of three million.
LARGEST_COEFFICIENT = 15


def fine_gray(
    times: ArrayLike,
    causes: ArrayLike,
    covariates: Mapping[str, ArrayLike],
    confidence: float = 0.95,
    least_events_per_variable: float = 5,
) -> Fit | NotEstimable:
    """Subdistribution hazard ratios of the event of interest, with robust limits.

    Args:
        times: Time to the first event or to censoring, one a subject, 0 or more.
        causes: 0 censored, 1 the event of interest, 2 and above competing events, in the order of ``times``.
        covariates: A column for each name, one number a subject, none missing; categories as 0 and 1.
        confidence: Two-sided coverage, between 0 and 1.
        least_events_per_variable: Fewer events of interest for each covariate, and there is no fit.

    Returns:
        Ratios per unit of each covariate, and the log pseudo-likelihood, as ``crr`` of R's cmprsk gives them.
        Censoring is taken to be alike in all subjects.

    Raises:
        ValueError: If a column is of another length or has missing values.

    Source:
        Fine JP, Gray RJ. J Am Stat Assoc 1999;94(446):496-509.
    """
    time, kind, _ = timed(times, causes)
    x = design(covariates, time.size)
    events = int((kind == 1).sum())
    refused = unfit(x, events, least_events_per_variable)
    if refused:
        return refused
    scale = x.std(axis=0)
    model = Subdistribution.of(time, kind, (x - x.mean(axis=0)) / scale)
    beta = _maximise(model)
    if beta is None:
        return NotEstimable(reason="a variable separates the events perfectly")
    errors = _standard_errors(model, beta)
    if errors.min() < 1e-9:
        return NotEstimable(reason="the events leave the size of an effect without any uncertainty to measure")
    effects = zip(covariates, beta / scale, errors / scale, strict=True)
    return Fit(
        effects=tuple(_effect(name, float(b), float(error), confidence) for name, b, error in effects),
        subjects=time.size,
        events=events,
        events_per_variable=events / x.shape[1],
        log_likelihood=model.derivatives(beta)[0],
    )


def _maximise(model: Subdistribution) -> np.ndarray | None:
    """Coefficients by Newton's method; None when the likelihood rises for ever."""
    beta = np.zeros(model.x.shape[1])
    value, slope, information = model.derivatives(beta)
    while np.abs(beta).max() < LARGEST_COEFFICIENT and np.linalg.cond(information) < 1e12:
        step = np.linalg.solve(information, slope)
        step /= max(1.0, np.abs(step).max() / 5)
        while model.derivatives(beta + step)[0] < value - 1e-12 * abs(value):
            step = step / 2
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            return beta
        value, slope, information = model.derivatives(beta)
    return None


def _standard_errors(model: Subdistribution, beta: np.ndarray) -> np.ndarray:
    residuals = model.residuals(beta)
    inverse = np.linalg.inv(model.derivatives(beta)[2])
    return np.sqrt(np.diag(inverse @ residuals.T @ residuals @ inverse))


def _effect(name: str, coefficient: float, error: float, confidence: float) -> Effect:
    reach = normal_quantile(confidence) * error
    lower, ratio, upper = (float(np.exp(coefficient + shift)) for shift in (-reach, 0, reach))
    p_value = float(2 * norm.sf(abs(coefficient) / error))
    return Effect(name=name, coefficient=coefficient, ratio=ratio, lower=lower, upper=upper, p_value=p_value)
