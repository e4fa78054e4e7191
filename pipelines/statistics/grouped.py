"""The same counts over time, group by group and stratum by stratum: what tests between groups start from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.statistics.arrays import same_length, timed


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupedCounts:
    """Counts in one stratum: a row for each group, a column for each distinct event time."""

    at_risk: np.ndarray
    events: np.ndarray
    competing_events: np.ndarray


def grouped_counts(
    times: ArrayLike,
    causes: ArrayLike,
    groups: Sequence[object] | np.ndarray,
    strata: Sequence[object] | np.ndarray | None = None,
    cause: int = 1,
) -> Iterator[GroupedCounts]:
    """Subjects at risk and events over time, one table a stratum, each with a row for every group there is.

    Args:
        times: Time to the event or to censoring, one a subject, 0 or more.
        causes: 0 censored, 1 and above what happened, in the order of ``times``.
        groups: The group of each subject.
        strata: The stratum of each subject; all one if left out.
        cause: The cause counted as the event.

    Raises:
        ValueError: If the arrays differ in length, or hold a negative, missing or fractional value.
    """
    time, kind, _ = timed(times, causes)
    names, group = np.unique(np.asarray(groups), return_inverse=True)
    stratum = np.unique(np.zeros(time.size) if strata is None else np.asarray(strata), return_inverse=True)[1]
    same_length(times=time, groups=group, strata=stratum)
    for one in np.unique(stratum):
        chosen = stratum == one
        yield _counts(time[chosen], kind[chosen], group[chosen], names.size, cause)


def _counts(time: np.ndarray, kind: np.ndarray, group: np.ndarray, groups: int, cause: int) -> GroupedCounts:
    distinct, place = np.unique(time, return_inverse=True)
    cell, cells = group * distinct.size + place, groups * distinct.size
    leaving, events, competing = (
        np.bincount(cell, weights=chosen, minlength=cells).reshape(groups, -1)
        for chosen in (kind >= 0, kind == cause, (kind != cause) & (kind > 0))
    )
    at_risk = leaving[:, ::-1].cumsum(axis=1)[:, ::-1]
    kept = (events + competing).any(axis=0)
    return GroupedCounts(at_risk=at_risk[:, kept], events=events[:, kept], competing_events=competing[:, kept])
