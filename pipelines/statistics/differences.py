"""One group against another: the difference between two proportions, over strata if there are any."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import acos, copysign, cos, pi, sqrt

from scipy.optimize import brentq

from pipelines.statistics.estimates import Estimate, NotEstimable, normal_quantile
from pipelines.statistics.proportions import check_counts

# How near a root may be sought to where the score is 0 over 0.
NEAR = 1e-12


@dataclass(frozen=True, kw_only=True)
class TwoGroups:
    """Subjects, and subjects with the event, in one group and in the reference group of one stratum."""

    events: int
    subjects: int
    reference_events: int
    reference_subjects: int

    def __post_init__(self) -> None:
        """Refuse counts that cannot be; a group may be empty.

        Raises:
            ValueError: If there are more events than subjects, or a count is negative.
        """
        for counts in ((self.events, self.subjects), (self.reference_events, self.reference_subjects)):
            if counts != (0, 0):
                check_counts(*counts)

    @property
    def both_present(self) -> bool:
        """Whether each group has a subject, so that they can be compared."""
        return self.subjects > 0 and self.reference_subjects > 0

    @property
    def difference(self) -> float:
        """The group's proportion less the reference group's."""
        return self.events / self.subjects - self.reference_events / self.reference_subjects

    @property
    def weight(self) -> float:
        """The stratum's Cochran-Mantel-Haenszel weight."""
        return self.subjects * self.reference_subjects / (self.subjects + self.reference_subjects)


def miettinen_nurminen(strata: Sequence[TwoGroups], confidence: float = 0.95) -> Estimate | NotEstimable:
    """Difference between two proportions with its Miettinen-Nurminen score interval.

    Strata are weighted as Cochran, Mantel and Haenszel do; one that lacks a group is left out.

    Args:
        strata: One or more; a plain comparison is one stratum.
        confidence: Two-sided coverage, between 0 and 1.

    Returns:
        Difference and limits as proportions in [-1, 1].

    Source:
        Miettinen O, Nurminen M. Stat Med 1985;4(2):213-226.

    >>> groups = TwoGroups(events=9, subjects=10, reference_events=3, reference_subjects=10)
    >>> found = miettinen_nurminen([groups])
    >>> [round(number, 4) for number in (found.estimate, found.lower, found.upper)]
    [0.6, 0.17, 0.8406]
    """
    compared = [stratum for stratum in strata if stratum.both_present]
    if not compared:
        return NotEstimable(reason="one of the two groups has no subjects")
    total = sum(stratum.weight for stratum in compared)
    estimate = sum(stratum.weight * stratum.difference for stratum in compared) / total
    z = normal_quantile(confidence)
    lower, upper = _limit(compared, estimate, z), _limit(compared, estimate, -z)
    return Estimate(estimate=estimate, lower=lower, upper=upper)


def _limit(strata: Sequence[TwoGroups], estimate: float, z: float) -> float:
    """Difference at which the score is ``z``: below the estimate if ``z`` is positive, else above."""

    def excess(delta: float) -> float:
        score = sum(stratum.weight * (stratum.difference - delta) for stratum in strata)
        return score - z * sqrt(sum(stratum.weight**2 * _variance(stratum, delta) for stratum in strata))

    edge = copysign(1 - NEAR, -z)
    if excess(edge) * z <= 0:
        return copysign(1.0, edge)
    # At the estimate itself the score is 0, and with zero cells so is its variance: that is no root.
    return brentq(excess, edge, estimate - copysign(NEAR, z), xtol=1e-13, full_output=True)[0]


def _variance(stratum: TwoGroups, delta: float) -> float:
    """Variance of the observed difference were the true one ``delta``, times N / (N - 1)."""
    n, m = stratum.subjects, stratum.reference_subjects
    reference = _reference_proportion(stratum, delta)
    group = min(1.0, max(0.0, reference + delta))
    return (group * (1 - group) / n + reference * (1 - reference) / m) * (n + m) / (n + m - 1)


def _reference_proportion(stratum: TwoGroups, delta: float) -> float:
    """Likeliest proportion in the reference group when the difference is ``delta``: a root of a cubic."""
    m, y = stratum.reference_subjects, stratum.reference_events
    events, total = stratum.events + y, stratum.subjects + m
    b = ((total + m) * delta - total - events) / (3 * total)
    c = ((m * delta - total - 2 * y) * delta + events) / total
    d = y * delta * (1 - delta) / total
    q = b**3 - b * c / 2 + d / 2
    radius = copysign(sqrt(max(0.0, b**2 - c / 3)), q)
    cosine = q / radius**3 if radius else 1.0
    root = 2 * radius * cos((pi + acos(min(1.0, max(-1.0, cosine)))) / 3) - b
    return min(1.0, 1 - delta, max(0.0, -delta, root))
