"""Does the event go with the group? Fisher's exact test, and the Cochran-Armitage test for trend."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, sqrt

import numpy as np
from scipy.optimize import root_scalar
from scipy.special import gammaln
from scipy.stats import fisher_exact, norm

from pipelines.statistics.differences import TwoGroups
from pipelines.statistics.estimates import Estimate, NotEstimable, Trend, check_confidence
from pipelines.statistics.proportions import check_counts

MOST_EXACT = 200


@dataclass(frozen=True, kw_only=True)
class Fisher:
    """The two-sided p-value of Fisher's exact test, and the conditional odds ratio with its exact limits."""

    p_value: float
    odds_ratio: Estimate | NotEstimable


def fisher(groups: TwoGroups, confidence: float = 0.95) -> Fisher | NotEstimable:
    """Fisher's exact test of one group against another.

    Args:
        groups: Subjects and events in both.
        confidence: Two-sided coverage of the odds ratio, between 0 and 1.

    Returns:
        The p-value is the probability of every table no likelier than the one observed. The odds ratio is not
        estimable when nobody or everybody had the event.

    Source:
        Fisher RA. J R Stat Soc 1935;98(1):39-82.

    >>> found = fisher(TwoGroups(events=5, subjects=56, reference_events=0, reference_subjects=29))
    >>> round(found.p_value, 4), found.odds_ratio.estimate
    (0.1606, inf)
    """
    p_value = fisher_p_value(groups)
    if isinstance(p_value, NotEstimable):
        return p_value
    return Fisher(p_value=p_value, odds_ratio=_odds_ratio(_table(groups), confidence))


def fisher_p_value(groups: TwoGroups) -> float | NotEstimable:
    """The two-sided p-value of Fisher's exact test alone, which is quick where the odds ratio is not.

    >>> round(fisher_p_value(TwoGroups(events=5, subjects=56, reference_events=0, reference_subjects=29)), 4)
    0.1606
    """
    if not groups.both_present:
        return NotEstimable(reason="one of the two groups has no subjects")
    return float(np.asarray(fisher_exact(_table(groups)))[1])


def _table(groups: TwoGroups) -> list[list[int]]:
    return [
        [groups.events, groups.subjects - groups.events],
        [groups.reference_events, groups.reference_subjects - groups.reference_events],
    ]


def _odds_ratio(table: list[list[int]], confidence: float) -> Estimate | NotEstimable:
    if not np.sum(table, axis=0).all():
        return NotEstimable(reason="nobody or everybody had the event")
    tail = (1 - check_confidence(confidence)) / 2
    [[had, had_not], [other_had, other_had_not]] = table
    # Every table with these margins, by its events in the first group.
    events = np.arange(max(0, had - other_had_not), min(had + had_not, had + other_had) + 1)
    log_ways = -sum(
        gammaln(count + 1)
        for count in (events, had + had_not - events, had + other_had - events, other_had_not - had + events)
    )
    as_many, as_few = events >= had, events <= had

    def chances(log_ratio: float) -> np.ndarray:
        weights = log_ways + events * log_ratio
        scaled = np.exp(weights - weights.max())
        return scaled / scaled.sum()

    least, most = had == events[0], had == events[-1]
    return Estimate(
        estimate=0.0 if least else inf if most else _ratio(lambda t: float(chances(t) @ events) - had),
        lower=0.0 if least else _ratio(lambda t: float(chances(t)[as_many].sum()) - tail),
        upper=inf if most else _ratio(lambda t: tail - float(chances(t)[as_few].sum())),
    )


def _ratio(rising: Callable[[float], float]) -> float:
    """The odds ratio at whose logarithm a rising function is 0."""
    low, high = -1.0, 1.0
    while rising(low) > 0:
        low *= 2
    while rising(high) < 0:
        high *= 2
    return exp(root_scalar(rising, bracket=(low, high), xtol=1e-13, method="brentq").root)


def cochran_armitage(
    events: Sequence[int],
    subjects: Sequence[int],
    scores: Sequence[float] | None = None,
    exact: bool | None = None,
) -> Trend | NotEstimable:
    """Cochran-Armitage test for a trend in proportions over ordered groups.

    Args:
        events: Subjects with the event in each group, in the order of the groups.
        subjects: Subjects in each group, 0 or more; an empty one is left out.
        scores: What the trend is over, one number a group; 1, 2, 3, ... if left out.
        exact: Whether the p-value is exact; by default when any expected count is below 5 and there are at most
            200 subjects, beyond which counting takes too long.

    Returns:
        ``z`` has the variance that SAS and ``prop.trend.test`` give it. The exact p-value is the probability,
        all margins given, of a weighted sum of events at least as far from its mean.

    Raises:
        ValueError: If the lengths differ or the counts are impossible.

    Source:
        Armitage P. Biometrics 1955;11(3):375-386.

    >>> cochran_armitage([0, 0, 4], [6, 6, 6]).exact
    True
    """
    marks = range(1, len(events) + 1) if scores is None else scores
    x, n, centred = _filled_groups(events, subjects, marks)
    variance = float(x.sum() * (n.sum() - x.sum()) / max(n.sum(), 1) ** 2 * (n @ centred**2))
    if variance == 0:
        return NotEstimable(reason="a trend needs two groups, and subjects with and without the event")
    z = float(centred @ x) / sqrt(variance)
    rarer = min(x.sum(), n.sum() - x.sum())
    if exact is None:
        exact = bool(n.min() * rarer / n.sum() < 5 and n.sum() <= MOST_EXACT)
    return Trend(z=z, p_value=_exact_p(x, n, centred) if exact else float(2 * norm.sf(abs(z))), exact=exact)


def _filled_groups(
    events: Sequence[int], subjects: Sequence[int], scores: Sequence[float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Events, subjects and centred scores of the groups that have subjects."""
    groups = [group for group in zip(events, subjects, scores, strict=True) if group[:2] != (0, 0)]
    for had, of, _ in groups:
        check_counts(had, of)
    x, n, score = np.array(groups, dtype=float).reshape(-1, 3).T
    return x, n, score - (n @ score) / max(n.sum(), 1)


def _exact_p(x: np.ndarray, n: np.ndarray, scores: np.ndarray) -> float:
    """Probability, all margins given, of a score at least as far from 0, which is its mean."""
    # Events and subjects without them score alike but for the sign: count the rarer.
    total = int(min(x.sum(), n.sum() - x.sum()))
    drawn, score, log_ways = np.zeros(1), np.zeros(1), np.zeros(1)
    for size, mark in zip(n, scores, strict=True):
        drawn, score, log_ways = _add_group(drawn, score, log_ways, int(size), float(mark), total)
    complete = drawn == total
    ways = np.exp(log_ways[complete] - log_ways[complete].max())
    observed = abs(float(scores @ x))
    as_far = np.abs(score[complete]) >= observed - 1e-7 * max(1.0, observed)
    return float(ways[as_far].sum() / ways.sum())


def _add_group(
    drawn: np.ndarray, score: np.ndarray, log_ways: np.ndarray, size: int, mark: float, total: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every state reachable when one more group joins; states alike in events and score are one."""
    k = np.arange(min(size, total) + 1)
    choices = gammaln(size + 1) - gammaln(k + 1) - gammaln(size - k + 1)
    drawn, score = np.add.outer(drawn, k).ravel(), np.add.outer(score, k * mark).ravel()
    within = drawn <= total
    log_ways = np.add.outer(log_ways, choices).ravel()[within]
    states, place = np.unique(np.column_stack((drawn, score.round(9)))[within], axis=0, return_inverse=True)
    peak = log_ways.max()
    merged = np.log(np.bincount(place.ravel(), weights=np.exp(log_ways - peak)))
    return states[:, 0], states[:, 1], peak + merged
