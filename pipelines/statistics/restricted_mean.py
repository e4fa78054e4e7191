"""Days lost to an event up to a horizon: the area under its cumulative incidence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.statistics.competing import cumulative_incidence
from pipelines.statistics.curves import Curve
from pipelines.statistics.estimates import NotEstimable, normal_quantile


@dataclass(frozen=True, kw_only=True)
class TimeLost:
    """Restricted mean time lost, in the unit of the times, with its standard error and normal limits."""

    estimate: float
    standard_error: float
    lower: float
    upper: float


def restricted_mean_time_lost(
    times: ArrayLike, causes: ArrayLike, until: float, *, cause: int = 1, confidence: float = 0.95
) -> TimeLost | NotEstimable:
    """Mean time a subject spends after an event of one cause, up to a horizon.

    Without competing events it is ``until`` less the restricted mean survival time, and its standard error is
    Greenwood's.

    Args:
        times: Time to the first event or to censoring, one a subject, 0 or more.
        causes: 0 censored, 1 the event of interest, 2 and above competing events, in the order of ``times``.
        until: The horizon, above 0, in the unit of the times.
        cause: The cause whose time is counted.
        confidence: Two-sided coverage, between 0 and 1.

    Returns:
        Estimate and limits between 0 and ``until``; not estimable when nobody was observed that long, unless
        everybody had had an event.

    Raises:
        ValueError: If the arrays differ in length, or hold a negative, missing or fractional value.

    Source:
        Andersen PK. Stat Med 2013;32(30):5278-5285.

    >>> restricted_mean_time_lost([1, 2, 3, 4], [1, 1, 2, 0], 4).estimate
    1.25
    """
    curve = cumulative_incidence(times, causes, cause=cause)
    alive = np.cumprod(1 - (curve.events + curve.competing_events) / curve.at_risk)
    if until > curve.last_time and not (alive.size and alive[-1] == 0):
        return NotEstimable(reason=f"nobody was observed for {until:g}")
    within = curve.time < until
    estimate = float(curve.estimate[within] @ np.diff(np.append(curve.time[within], until)))
    error = _standard_error(curve, alive, until)
    reach = normal_quantile(confidence) * error
    return TimeLost(
        estimate=estimate,
        standard_error=error,
        lower=max(0.0, estimate - reach),
        upper=min(float(until), estimate + reach),
    )


def _standard_error(curve: Curve, alive: np.ndarray, until: float) -> float:
    """Each jump before the horizon moves the area by what it adds less what it keeps from coming later."""
    within = curve.time < until
    time, incidence, alive, risk = (values[within] for values in (curve.time, curve.estimate, alive, curve.at_risk))
    own_events, other_events = curve.events[within], curve.competing_events[within]
    area = incidence * np.diff(np.append(time, until))
    to_come = np.cumsum(area[::-1])[::-1] - incidence * (until - time)
    kept_out = np.divide(to_come, alive, out=np.zeros_like(to_come), where=alive > 0)
    added = until - time - kept_out
    spread = (
        added**2 * own_events * (risk - own_events)
        + kept_out**2 * other_events * (risk - other_events)
        + 2 * added * kept_out * own_events * other_events
    )
    before = np.concatenate(([1.0], alive[:-1]))[: alive.size]
    return float(np.sqrt(max(0.0, float((before**2 * spread / risk**3).sum()))))
