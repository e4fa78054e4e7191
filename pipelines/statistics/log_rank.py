"""Do groups differ in the time to an event that nothing but censoring hides? The log-rank test."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from pipelines.statistics.chi_square import chi_square
from pipelines.statistics.estimates import NotEstimable, TestResult
from pipelines.statistics.grouped import GroupedCounts, grouped_counts


def log_rank(
    times: ArrayLike,
    events: ArrayLike,
    groups: Sequence[object] | np.ndarray,
    strata: Sequence[object] | np.ndarray | None = None,
) -> TestResult | NotEstimable:
    """Log-rank test between groups, within strata if there are any.

    With competing events coded as censored it compares cause-specific hazards.

    Args:
        times: Time to the event or to censoring, one a subject, 0 or more.
        events: 1 or True for the event, 0 or False for censored, in the order of ``times``.
        groups: The group of each subject.
        strata: The stratum of each subject; all one if left out.

    Returns:
        Chi-square on one degree of freedom fewer than groups at risk of an event. Without any event the
        p-value is 1, as in R; not estimable when no event could have come to another group than it did.

    Raises:
        ValueError: If the arrays differ in length, or hold a negative or missing value.

    Source:
        Mantel N. Cancer Chemother Rep 1966;50(3):163-170.

    >>> round(log_rank([1, 2, 3, 4], [1, 1, 1, 0], ["a", "a", "b", "b"]).p_value, 4)
    0.0896
    """
    tables = list(grouped_counts(times, events, groups, strata))
    count = tables[0].events.shape[0] if tables else 0
    if count < 2:
        return NotEstimable(reason="fewer than two groups")
    if not any(table.events.any() for table in tables):
        return TestResult(statistic=0.0, degrees_of_freedom=count - 1, p_value=1.0)
    excess = sum((_excess(table) for table in tables), np.zeros(count))
    covariance = sum((_covariance(table) for table in tables), np.zeros((count, count)))
    reason = "no event could have come to another group than it did"
    return chi_square(excess, covariance, reason=reason)


def _excess(table: GroupedCounts) -> np.ndarray:
    expected = table.at_risk * table.events.sum(axis=0) / table.at_risk.sum(axis=0)
    return (table.events - expected).sum(axis=1)


def _covariance(table: GroupedCounts) -> np.ndarray:
    """Hypergeometric covariance of the events in each group, summed over time."""
    total, events = table.at_risk.sum(axis=0), table.events.sum(axis=0)
    share = table.at_risk / total
    spread = events * (total - events) / np.maximum(total - 1, 1)
    return np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
