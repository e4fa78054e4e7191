"""Time to one event that nothing but censoring hides: the Kaplan-Meier curve and its quantiles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.statistics.curves import Curve, Point, log_log_limits
from pipelines.statistics.estimates import Estimate, NotEstimable
from pipelines.statistics.risk_table import risk_table

# R's survfit takes survival this close to a quantile for equal to it, and so do we.
TOLERANCE = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True, kw_only=True, eq=False)
class KaplanMeier(Curve):
    """Survival at the distinct event times."""

    def quantile(self, probability: float) -> Estimate | NotEstimable:
        """The time by which ``probability`` of the subjects had the event; a limit never reached is None.

        Where survival equals ``1 - probability`` for a stretch of time the answer is its middle, as in R.

        Args:
            probability: Strictly between 0 and 1; 0.5 asks for the median.

        Source:
            Brookmeyer R, Crowley J. Biometrics 1982;38(1):29-41.
        """
        found, lower, upper = (
            self._crossing(values, 1 - probability) for values in (self.estimate, self.lower, self.upper)
        )
        if found is None:
            return NotEstimable(reason="not reached")
        return Estimate(estimate=found, lower=lower, upper=upper)

    def median(self) -> Estimate | NotEstimable:
        """The time by which half of the subjects had the event."""
        return self.quantile(0.5)

    def _at(self, day: float) -> Point | NotEstimable:
        # Once everybody had the event there is nobody left to observe, and nothing left to learn.
        if self.estimate.size and self.estimate[-1] == 0 and day > self.last_time:
            return self._point(self.time.size - 1, day)
        return super()._at(day)

    def _crossing(self, values: np.ndarray, level: float) -> float | None:
        reached = self.time[values <= level + TOLERANCE]
        if reached.size == 0:
            return None
        below = self.time[values < level - TOLERANCE]
        until = below[0] if below.size else self.last_time
        return float((reached[0] + until) / 2)


def kaplan_meier(times: ArrayLike, events: ArrayLike, confidence: float = 0.95) -> KaplanMeier:
    """Kaplan-Meier survival with Greenwood standard errors and log(-log) limits.

    Args:
        times: Time to the event or to censoring, one a subject, 0 or more, in any one unit.
        events: 1 or True for the event, 0 or False for all else, in the order of ``times``.
        confidence: Two-sided coverage, between 0 and 1.

    Returns:
        The curve at the distinct event times; empty when there was no event. Once survival is 0 its standard
        error is 0.

    Raises:
        ValueError: If the arrays differ in length, a time is negative or missing, or an event is not 0 or 1.

    Source:
        Kaplan EL, Meier P. J Am Stat Assoc 1958;53(282):457-481.

    >>> kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).median()
    Estimate(estimate=2.5, lower=1.0, upper=None)
    """
    table = risk_table(times, events)
    if table.competing_events.any():
        raise ValueError("events is above 1 somewhere; give 1 for the event and 0 for all else.")
    survival = np.cumprod(1 - table.events / table.at_risk)
    left = table.at_risk - table.events
    # Nobody is left only once survival is 0, and then the sum no longer matters.
    greenwood = np.cumsum(table.events / (table.at_risk * np.where(left > 0, left, 1)))
    error = survival * np.sqrt(greenwood)
    lower, upper = log_log_limits(survival, error, confidence)
    return KaplanMeier(**vars(table), estimate=survival, standard_error=error, lower=lower, upper=upper, start=1.0)
