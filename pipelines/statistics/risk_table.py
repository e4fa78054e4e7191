"""Subjects at risk and events at each distinct event time: what every curve over time is made from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.statistics.arrays import finite, timed


@dataclass(frozen=True, kw_only=True, eq=False)
class RiskTable:
    """One row for each distinct time at which anything but censoring happened; arrays of one length."""

    time: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    competing_events: np.ndarray
    subjects: float
    last_time: float

    @property
    def all_events(self) -> np.ndarray:
        """Events of whatever cause."""
        return self.events + self.competing_events


def risk_table(times: ArrayLike, causes: ArrayLike, weights: ArrayLike | None = None, cause: int = 1) -> RiskTable:
    """Subjects at risk, events of ``cause`` and other events at each distinct event time.

    Whoever is censored at the time of an event is still at risk of it.

    Args:
        times: Time to the event or to censoring, one a subject, 0 or more.
        causes: 0 censored, 1 and above what happened, in the order of ``times``.
        weights: How many subjects each row stands for; one each if left out.
        cause: The cause counted as the event.

    Returns:
        One row for each distinct event time; none when nobody had an event.

    Raises:
        ValueError: If the arrays differ in length, or hold a negative, missing or fractional value.
    """
    time, kind, weight = timed(times, causes, weights)
    time, kind, weight = (values[weight > 0] for values in (time, kind, weight))
    distinct, place = np.unique(time, return_inverse=True)
    leaving, events, competing = (
        np.bincount(place, weights=weight * chosen, minlength=distinct.size)
        for chosen in (kind >= 0, kind == cause, (kind != cause) & (kind > 0))
    )
    at_risk = leaving[::-1].cumsum()[::-1]
    kept = events + competing > 0
    return RiskTable(
        time=distinct[kept],
        at_risk=at_risk[kept],
        events=events[kept],
        competing_events=competing[kept],
        subjects=float(weight.sum()),
        last_time=float(distinct[-1]) if distinct.size else 0.0,
    )


def numbers_at_risk(times: ArrayLike, at: Sequence[float]) -> list[int]:
    """How many subjects are still at risk just before each day of ``at``.

    Args:
        times: Time to the event or to censoring, one a subject, 0 or more.
        at: Days to count at, in any order.

    Returns:
        One count for each day, in the order asked.

    Raises:
        ValueError: If a time is missing or infinite.

    >>> numbers_at_risk([1, 2, 2, 5], [0, 2, 3, 9])
    [4, 3, 1, 0]
    """
    ordered = np.sort(finite(times))
    gone = np.searchsorted(ordered, np.asarray(at, dtype=float))
    return [int(count) for count in ordered.size - gone]
