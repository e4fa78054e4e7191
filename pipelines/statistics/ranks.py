"""Do values differ, or rise, from group to group? Kruskal-Wallis and Jonckheere-Terpstra."""

from collections.abc import Sequence
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from pipelines.statistics.arrays import finite
from pipelines.statistics.estimates import NotEstimable, TestResult, Trend

# Beyond this many values the normal approximation is as good, and the exact count slow.
MOST_EXACT = 100


def kruskal_wallis(groups: Sequence[ArrayLike]) -> TestResult | NotEstimable:
    """Kruskal-Wallis test that values are alike in all groups, corrected for ties.

    Args:
        groups: The values of each group, in any one unit, none missing; an empty group is left out.

    Returns:
        Chi-square on one degree of freedom fewer than groups with values.

    Source:
        Kruskal WH, Wallis WA. J Am Stat Assoc 1952;47(260):583-621.

    >>> kruskal_wallis([[1, 2, 3], [4, 5, 6]]).degrees_of_freedom
    1
    """
    filled = _filled(groups)
    if not _comparable(filled):
        return NotEstimable(reason="it needs two groups, and values that differ")
    found = stats.kruskal(*filled)
    return TestResult(statistic=float(found.statistic), degrees_of_freedom=len(filled) - 1, p_value=float(found.pvalue))


def jonckheere(
    groups: Sequence[ArrayLike], exact: bool | None = None, correct_ties: bool = True
) -> Trend | NotEstimable:
    """Jonckheere-Terpstra test that values rise, or fall, with the order of the groups.

    Args:
        groups: The values of each group, in the order of the groups, none missing; an empty one is left out.
        exact: Whether the p-value counts every arrangement, which ties do not allow; by default when there
            are no ties and at most 100 values.
        correct_ties: Whether ties narrow the variance, as in SAS; R's DescTools leaves them out.

    Returns:
        ``z`` is positive when values rise.

    Raises:
        ValueError: If an exact p-value is asked of tied values.

    Source:
        Jonckheere AR. Biometrika 1954;41(1/2):133-145; Hollander M, Wolfe DA. Nonparametric Statistical
        Methods. Wiley 1999, section 6.2.

    >>> round(jonckheere([[1, 2], [3, 4], [5, 6]]).p_value, 4)
    0.0222
    """
    filled = _filled(groups)
    if not _comparable(filled):
        return NotEstimable(reason="it needs two groups, and values that differ")
    ties = np.unique(np.concatenate(filled), return_counts=True)[1]
    if exact is None:
        exact = bool(ties.max() == 1 and ties.size <= MOST_EXACT)
    if exact and ties.max() > 1:
        raise ValueError(
            f"{int(ties.max())} values are the same; leave exact out, for ties need the normal approximation."
        )
    higher = float(sum(_pairs_rising(low, high) for low, high in combinations(filled, 2)))
    sizes = np.array([group.size for group in filled])
    mean = (sizes.sum() ** 2 - (sizes**2).sum()) / 4
    z = float(higher - mean) / sqrt(_variance(sizes, ties if correct_ties else np.ones(1)))
    return Trend(z=z, p_value=_exact_p(higher, sizes) if exact else float(2 * stats.norm.sf(abs(z))), exact=exact)


def _filled(groups: Sequence[ArrayLike]) -> list[np.ndarray]:
    return [values for values in (finite(group) for group in groups) if values.size]


def _comparable(groups: Sequence[np.ndarray]) -> bool:
    return len(groups) > 1 and bool(np.ptp(np.concatenate(groups)) > 0)


def _pairs_rising(low: np.ndarray, high: np.ndarray) -> float:
    """Pairs in which the second value is the higher; ties count half."""
    ordered = np.sort(low)
    return (np.searchsorted(ordered, high) + np.searchsorted(ordered, high, side="right")).sum() / 2


def _variance(sizes: np.ndarray, ties: np.ndarray) -> float:
    total = float(sizes.sum())

    def spread(counts: np.ndarray | float) -> float:
        return float(np.sum(counts * (counts - 1.0) * (2.0 * counts + 5)))

    def triples(counts: np.ndarray) -> float:
        return float(np.sum(counts * (counts - 1.0) * (counts - 2)))

    def pairs(counts: np.ndarray) -> float:
        return float(np.sum(counts * (counts - 1.0)))

    variance = (spread(total) - spread(sizes) - spread(ties)) / 72
    if total > 2:
        variance += triples(sizes) * triples(ties) / (36 * total * (total - 1) * (total - 2))
    return variance + pairs(sizes) * pairs(ties) / (8 * total * (total - 1))


def _exact_p(higher: float, sizes: np.ndarray) -> float:
    """Twice the smaller tail over all arrangements, at most 1."""
    ways = np.array([1], dtype=object)
    for joined, size in zip(np.cumsum(sizes)[:-1], sizes[1:], strict=True):
        ways = _add_sample(ways, int(joined), int(size))
    total, place = sum(ways), round(higher)
    return min(1.0, 2 * min(sum(ways[: place + 1]), sum(ways[place:])) / total)


def _add_sample(ways: np.ndarray, earlier: int, size: int) -> np.ndarray:
    """Arrangements by rising pairs once ``size`` values join: the Gaussian binomial, in whole numbers."""
    out = np.concatenate((ways, np.zeros(earlier * size, dtype=object)))
    for i in range(1, size + 1):
        if earlier + i < out.size:
            out[earlier + i :] = out[earlier + i :] - out[: -(earlier + i)]
        for start in range(min(i, out.size)):
            out[start::i] = np.cumsum(out[start::i])
    return out
