"""What every cumulative incidence has: who is counted in it, its value on fixed days, and who is still at risk."""

from collections.abc import Callable, Iterator, Sequence

from pipelines.analyses.cells import Cell, Place
from pipelines.analyses.times import Times
from pipelines.statistics import cumulative_incidence, numbers_at_risk

# The place of a level whose subjects are those for whom a condition on ``e``, the time, holds.
PlaceOf = Callable[[str, str], Place]


def counts(place: PlaceOf, times: Times) -> Iterator[Cell]:
    """How many subjects there are, and how the time of each ended, at the level "all"."""
    yield from place("all", "true").numbers(n_subjects=times.days.size)
    yield from place("all", "e.cnsr = 0").numbers(n_events=times.count(1))
    yield from place("all", "e.cnsr >= 2").numbers(n_competing=times.competing)
    yield from place("all", "e.cnsr = 1").numbers(n_censored=times.count(0))


def landmarks(place: PlaceOf, times: Times, days: Sequence[int]) -> Iterator[Cell]:
    """The cumulative incidence on each day with its limits, and the number at risk just before it."""
    answers = cumulative_incidence(times.days, times.causes).at(days)
    for day, answer, at_risk in zip(days, answers, numbers_at_risk(times.days, days), strict=True):
        yield from place(f"day {day}", f"e.cnsr = 0 and e.aval <= {day}").point(answer)
        yield from place(f"day {day}", f"e.aval >= {day}").numbers(at_risk=at_risk)
