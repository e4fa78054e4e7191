"""Half-open stretches of time, in hours."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import NamedTuple, Protocol


class Timed(Protocol):
    """Anything that lasts from ``start`` until ``end``, the end not included."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...


class Interval(NamedTuple):
    """From ``start`` until ``end``, the end not included."""

    start: float
    end: float


def running(intervals: Iterable[Timed], moment: float) -> list:
    """Those that are there at the moment."""
    return [interval for interval in intervals if interval.start <= moment < interval.end]


def stretches(intervals: Iterable[Timed], holds: Callable[[float], bool] | None = None) -> list[Interval]:
    """The unbroken stretches that intervals make together; those that touch are one.

    Args:
        intervals: What may overlap, in any order.
        holds: What must be true at a moment; by default that any of the intervals is there.

    Returns:
        In order of time.
    """
    known = list(intervals)
    holds = holds or (lambda moment: bool(running(known, moment)))
    found: list[Interval] = []
    for start, end in pairwise(sorted({edge for interval in known for edge in (interval.start, interval.end)})):
        if holds(start):
            joins = found and found[-1].end == start
            found.append(Interval(found.pop().start, end) if joins else Interval(start, end))
    return found


def once_lasted(intervals: Iterable[Timed], hours: float) -> list[Interval]:
    """What is left of each interval from the moment it has lasted so many hours."""
    return [Interval(i.start + hours, i.end) for i in intervals if i.start + hours < i.end]
