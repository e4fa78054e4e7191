"""Time to one event when another may come first: Aalen-Johansen cumulative incidence."""

import numpy as np
from numpy.typing import ArrayLike

from pipelines.statistics.curves import Curve, log_log_limits
from pipelines.statistics.risk_table import RiskTable, risk_table


def cumulative_incidence(
    times: ArrayLike,
    causes: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    cause: int = 1,
    confidence: float = 0.95,
) -> Curve:
    """Aalen-Johansen probability of having had an event of one cause, with SAS's and cmprsk's standard error.

    R's survfit has another standard error (the infinitesimal jackknife), a little smaller in small groups.

    Args:
        times: Time to the first event or to censoring, one a subject, 0 or more, in any one unit.
        causes: 0 censored, 1 the event of interest, 2 and above competing events, in the order of ``times``.
        weights: How many subjects each row stands for; one each if left out.
        cause: The cause whose incidence is wanted; all others but 0 compete.
        confidence: Two-sided coverage, between 0 and 1.

    Returns:
        The curve at the distinct times with an event of any cause; empty when there was none. The limits are
        log(-log), and do not exist while the incidence is 0.

    Raises:
        ValueError: If the arrays differ in length, or hold a negative, missing or fractional value.

    Source:
        Aalen O. Ann Stat 1978;6(3):534-545; R package cmprsk, ``cuminc``; SAS PROC LIFETEST ERROR=AALEN.

    >>> [point.estimate for point in cumulative_incidence([1, 2, 3, 4], [1, 2, 1, 0]).at([1, 2, 3])]
    [0.25, 0.25, 0.5]
    """
    table = risk_table(times, causes, weights, cause)
    after = np.cumprod(1 - table.all_events / table.at_risk)
    before = np.concatenate(([1.0], after[:-1]))[: after.size]
    incidence = np.cumsum(before * table.events / table.at_risk)
    # A sum that misses 1 by rounding would have limits made of nothing but that rounding.
    incidence = np.where(incidence > 1 - 1e-12, 1.0, incidence)
    error = np.sqrt(np.maximum(_variance(table, before, after, incidence), 0.0))
    lower, upper = log_log_limits(incidence, error, confidence)
    return Curve(**vars(table), estimate=incidence, standard_error=error, lower=lower, upper=upper, start=0.0)


def _variance(table: RiskTable, before: np.ndarray, after: np.ndarray, incidence: np.ndarray) -> np.ndarray:
    """Variance of the incidence F at each time: how far each earlier jump moved it, squared and summed.

    A jump at s moves F(t) by ``1{own cause} - (F(t) - F(s)) / S(s)``. Multiplied out, F(t) leaves the sum
    over s, and one pass is enough.
    """
    own = _jump_variance(table.events, table.at_risk) * before**2
    other = _jump_variance(table.competing_events, table.at_risk) * before**2
    # Where nobody is left a jump moves nothing later.
    inverse = np.divide(1.0, after, out=np.zeros_like(after), where=after > 0)
    drift = incidence * inverse
    constant = np.cumsum((1 + drift) ** 2 * own + drift**2 * other)
    linear = np.cumsum(inverse * ((1 + drift) * own + drift * other))
    square = np.cumsum(inverse**2 * (own + other))
    return constant + incidence**2 * square - 2 * incidence * linear


def _jump_variance(events: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    return not_tied(events, at_risk) * events / at_risk**2


def not_tied(events: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """The share of a jump's variance that ties leave: subjects are drawn without putting any back."""
    tied = (events > 1) & (at_risk > 1)
    return 1 - np.where(tied, events - 1, 0.0) / np.where(tied, at_risk - 1, 1.0)
