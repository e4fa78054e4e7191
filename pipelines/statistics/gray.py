"""Do groups differ in cumulative incidence? Gray's test."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.statistics.chi_square import chi_square
from pipelines.statistics.competing import not_tied
from pipelines.statistics.estimates import NotEstimable, TestResult
from pipelines.statistics.grouped import GroupedCounts, grouped_counts


def gray(
    times: ArrayLike,
    causes: ArrayLike,
    groups: Sequence[object] | np.ndarray,
    strata: Sequence[object] | np.ndarray | None = None,
    *,
    cause: int = 1,
    rho: float = 0,
) -> TestResult | NotEstimable:
    """Gray's test that the cumulative incidence of one cause is the same in every group.

    Args:
        times: Time to the first event or to censoring, one a subject, 0 or more.
        causes: 0 censored, 1 the event of interest, 2 and above competing events, in the order of ``times``.
        groups: The group of each subject.
        strata: The stratum of each subject, within which groups are compared; all one if left out.
        cause: The cause whose incidence is compared.
        rho: How much early differences count: each time has the weight ``(1 - F) ** rho``.

    Returns:
        Chi-square on one degree of freedom fewer than groups; not estimable where cmprsk fails or says -1.

    Raises:
        ValueError: If the arrays differ in length, or hold a negative, missing or fractional value.

    Source:
        Gray RJ. Ann Stat 1988;16(3):1141-1154, with the variance that R's cmprsk gives it.

    >>> found = gray([1, 2, 3, 4, 5, 6], [1, 1, 2, 1, 0, 2], ["a", "a", "a", "b", "b", "b"])
    >>> round(found.p_value, 4)
    0.1184
    """
    tables = list(grouped_counts(times, causes, groups, strata, cause))
    if not tables or len(tables[0].events) < 2:
        return NotEstimable(reason="fewer than two groups")
    compared = [_Stratum.of(table, rho) for table in tables if table.events.any()]
    score, covariance = np.zeros(len(tables[0].events)), np.zeros((len(tables[0].events),) * 2)
    for stratum in compared:
        score, covariance = score + stratum.score(), covariance + stratum.covariance()
    # The scores add up to nought, so the last group is known from the others.
    return chi_square(score[:-1], covariance[:-1, :-1], reason="nobody had the event, or all at one time")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Stratum:
    """One stratum over time: arrays are groups x times, or times where all groups are pooled."""

    counts: GroupedCounts
    before: np.ndarray
    after: np.ndarray
    not_yet: np.ndarray
    scaled: np.ndarray
    pooled_not_yet: np.ndarray
    pooled_not_yet_after: np.ndarray
    rho: float

    @classmethod
    def of(cls, counts: GroupedCounts, rho: float) -> "_Stratum":
        """Survival and incidence in each group, and the incidence were it the same in all."""
        risk = np.maximum(counts.at_risk, 1)
        after = np.cumprod(1 - (counts.events + counts.competing_events) / risk, axis=1)
        # Nobody is at risk once survival is 0, so what stands in for it there counts for nothing.
        before = np.where(counts.at_risk > 0, _previous(after, 1.0), 1.0)
        scaled = counts.at_risk / before
        pooled = np.cumsum(counts.events.sum(axis=0) / scaled.sum(axis=0))
        return cls(
            counts=counts,
            before=before,
            after=after,
            not_yet=1 - _previous(np.cumsum(before * counts.events / risk, axis=1), 0.0),
            scaled=scaled,
            pooled_not_yet=1 - _previous(pooled, 0.0),
            pooled_not_yet_after=1 - pooled,
            rho=rho,
        )

    @property
    def _weight(self) -> np.ndarray:
        return np.maximum(self.pooled_not_yet, 0.0) ** self.rho

    def score(self) -> np.ndarray:
        """Weighted events in each group, less those due to it by its subjects who have not had the event."""
        due = self.scaled * self.not_yet
        share = np.divide(due, due.sum(axis=0), out=np.zeros_like(due), where=due.sum(axis=0) > 0)
        events = self.counts.events
        return (self._weight * (events - share * events.sum(axis=0))).sum(axis=1)

    def covariance(self) -> np.ndarray:
        """Covariance of the scores, from the events of interest and from the competing ones."""
        events, rivals, risk = (
            self.counts.events.sum(axis=0),
            self.counts.competing_events,
            self.counts.at_risk,
        )
        scaled, pooled, ones = self.scaled, self.scaled.sum(axis=0), np.eye(len(risk))[:, :, None]
        now = self._weight * (ones * scaled - scaled[:, None] * scaled / pooled)
        later = self._later(now * events / pooled)
        left = np.divide(self.pooled_not_yet_after, self.after, out=np.zeros_like(risk), where=self.after > 0)
        present = self.before / np.maximum(risk, 1) * (risk > 0)
        own = not_tied(events, pooled * self.before) * events / pooled * present
        rival = not_tied(rivals, risk) * rivals * present**2
        return _spread(now + later * (1 - left), own) + _spread(later * left, rival)

    def _later(self, pulled: np.ndarray) -> np.ndarray:
        """What a jump in group k (second axis) does to the score of group i (first axis) at later times."""
        # Where the pooled incidence has reached 1 nobody is left to have an event later.
        reachable = np.abs(self.pooled_not_yet) > 1e-12
        steps = np.divide(pulled, self.pooled_not_yet, out=np.zeros_like(pulled), where=reachable)
        return np.cumsum(steps[:, :, ::-1], axis=2)[:, :, ::-1] - steps


def _spread(moved: np.ndarray, variance: np.ndarray) -> np.ndarray:
    return np.einsum("ikt,jkt,kt->ij", moved, moved, variance)


def _previous(values: np.ndarray, start: float) -> np.ndarray:
    """Each value as it was one time earlier."""
    return np.concatenate((np.full_like(values[..., :1], start), values[..., :-1]), axis=-1)
