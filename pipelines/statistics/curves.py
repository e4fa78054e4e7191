"""Step functions of time with their limits: what Kaplan-Meier and Aalen-Johansen hand back."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.statistics.estimates import NotEstimable, normal_quantile


@dataclass(frozen=True, kw_only=True)
class Point:
    """A curve at one time; a log(-log) limit is None where the value is 0 or 1, for there is none."""

    time: float
    estimate: float
    standard_error: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """A step function that holds each value from its ``time`` until the next.

    The arrays have one length, that of the distinct event times in order. ``lower`` and ``upper`` are NaN
    where the estimate is 0 or 1, for a log(-log) limit does not exist there; ``points`` and ``at`` say None
    instead. ``start`` is the value before any event.
    """

    time: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    competing_events: np.ndarray
    estimate: np.ndarray
    standard_error: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    subjects: float
    last_time: float
    start: float

    def points(self) -> list[Point]:
        """Every step of the curve, from the value at time 0 on."""
        steps = [self._point(step, float(time)) for step, time in enumerate(self.time)]
        return steps if steps and steps[0].time == 0 else [self._point(-1, 0.0), *steps]

    def at(self, days: Sequence[float]) -> list[Point | NotEstimable]:
        """The value on each of ``days``; not estimable after the last subject was observed.

        Args:
            days: In the unit of the times, 0 or more, in any order.

        Returns:
            One answer for each day, in the order asked.
        """
        return [self._at(float(day)) for day in days]

    def _at(self, day: float) -> Point | NotEstimable:
        if self.subjects == 0:
            return NotEstimable(reason="no subjects")
        if day > self.last_time:
            return NotEstimable(reason=f"nobody was observed past {self.last_time:g}")
        return self._point(int(np.searchsorted(self.time, day, side="right")) - 1, day)

    def _point(self, step: int, time: float) -> Point:
        if step < 0:
            return Point(time=time, estimate=self.start, standard_error=0.0, lower=None, upper=None)
        lower, upper = (None if np.isnan(limit) else float(limit) for limit in (self.lower[step], self.upper[step]))
        return Point(
            time=time,
            estimate=float(self.estimate[step]),
            standard_error=float(self.standard_error[step]),
            lower=lower,
            upper=upper,
        )


def log_log_limits(
    estimate: np.ndarray, standard_error: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Limits that stay within 0 and 1, symmetric on the log(-log) scale; NaN where the estimate is 0 or 1.

    Source:
        Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data. Wiley 2002, section 1.4.
    """
    inside = (estimate > 0) & (estimate < 1)
    value = np.where(inside, estimate, 0.5)
    reach = normal_quantile(confidence) * standard_error / (value * np.log(value))
    lower, upper = value ** np.exp(-reach), value ** np.exp(reach)
    return np.where(inside, lower, np.nan), np.where(inside, upper, np.nan)
