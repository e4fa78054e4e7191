"""Episodes and grades of one course, read slowly from sections 3 to 5 of the grading contract.

It shares nothing with the models: at every moment at which anything changes, what is there is looked at afresh.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tests.courses.contract import DEFAULTS, Parameters
from tests.courses.course import Course
from tests.courses.intervals import Interval
from tests.courses.moments import Moments
from tests.courses.scales import GRADES, State, is_without_rule
from tests.courses.signs import Signs, signs_of


class Segment(NamedTuple):
    """A stretch of one grade, as high as the records allow; none where the scale has no rule."""

    start: float
    end: float
    grade: int | None


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One episode on one scale; times in hours, ``max_grade_at`` the first moment of the highest grade."""

    onset: float
    end: float
    grade: int | None
    grade_min: int
    grade_max: int
    max_grade_at: float
    waived_from: float | None
    dose_number: int
    ongoing: bool
    segments: tuple[Segment, ...]


class _Piece(NamedTuple):
    """A stretch of time in which nothing changes: the least and the most that may be there."""

    start: float
    end: float
    least: State
    most: State


class _Found(NamedTuple):
    """An episode before any scale looks at it."""

    onset: float
    waived_from: float | None
    ongoing: bool
    pieces: list[_Piece]


def grade(course: Course, scale: str, parameters: Parameters = DEFAULTS) -> list[Episode]:
    """The episodes of the course in order of time, graded on the scale.

    Args:
        course: What happened to the subject.
        scale: One of ``contract.SCALES``.
        parameters: What the protocol sets.
    """
    episodes = [_graded(found, scale, course) for found in _found(course, parameters)]
    before_death = [e for e in episodes if course.death is not None and e.onset < course.death]
    if course.crs_fatal and before_death:
        last = before_death[-1]
        episodes[episodes.index(last)] = _fatal(last, course.death)
    return episodes


def _graded(found: _Found, scale: str, course: Course) -> Episode:
    least = max(GRADES[scale](piece.least) for piece in found.pieces)
    grades = [GRADES[scale](piece.most) for piece in found.pieces]
    most = max(grades)
    # A sign without a rule may be as bad as any, unless the worst is sure.
    unruled = least < 4 and any(is_without_rule(scale, piece.most) for piece in found.pieces)
    end = found.pieces[-1].end
    return Episode(
        onset=found.onset,
        end=end,
        grade=None if unruled else most,
        grade_min=least,
        grade_max=4 if unruled else most,
        max_grade_at=found.pieces[grades.index(most)].start,
        waived_from=found.waived_from,
        dose_number=sum(dose <= found.onset for dose in course.doses),
        ongoing=found.ongoing,
        segments=tuple(_segments(found.pieces, scale)),
    )


def _segments(pieces: Sequence[_Piece], scale: str) -> list[Segment]:
    found: list[Segment] = []
    for piece in pieces:
        level = GRADES[scale](piece.most)
        shown = None if level < 4 and is_without_rule(scale, piece.most) else level
        if found and found[-1].grade == shown:
            found[-1] = found[-1]._replace(end=piece.end)
        else:
            found.append(Segment(piece.start, piece.end, shown))
    return found


def _fatal(episode: Episode, death: float) -> Episode:
    """The episode as grade 5; the time from its last sign to death is a gap, and so is of grade 0."""
    gap = [Segment(episode.end, death, 0)] if episode.end < death else []
    five = dict.fromkeys(("grade", "grade_min", "grade_max"), 5)
    return replace(episode, **five, end=death, max_grade_at=death, ongoing=False, segments=(*episode.segments, *gap))


@lru_cache(maxsize=1)
def _found(course: Course, parameters: Parameters) -> list[_Found]:
    """The episodes, which are the same on every scale."""
    signs = signs_of(course, parameters)
    episodes = [_qualified(island, signs, course, parameters) for island in _islands(signs, course, parameters)]
    return [episode for episode in episodes if episode]


def _islands(signs: Signs, course: Course, parameters: Parameters) -> Iterator[list[Interval]]:
    """Signs merged over gaps that are short enough and in which no dose was given."""
    island: list[Interval] = []
    for sign in signs.of_crs:
        free_from = max((earlier.end for earlier in island), default=sign.start)
        dosed = any(free_from <= dose <= sign.start for dose in course.doses)
        if free_from < sign.start and (dosed or sign.start - free_from > parameters.episode_gap_h):
            yield island
            island = []
        island = [*island, sign]
    if island:
        yield island


def _qualified(island: list[Interval], signs: Signs, course: Course, parameters: Parameters) -> _Found | None:
    """The episode of an island; none without a fever that begins in a dose's window."""
    first, last = island[0].start, min(max(sign.end for sign in island), course.followed_until)
    fevers = [fever.start for fever in signs.fevers if first <= fever.start < last]
    window = parameters.onset_window_h
    onset = min((f for f in fevers if any(d <= f < d + window for d in course.doses)), default=None)
    if onset is None:
        return None
    waived_from = min((given for given in signs.waivers if onset <= given <= last), default=None)
    moments = Moments(signs, course.weight_kg, Interval(onset, last), waived_from)
    pieces = _pieces(moments)
    ongoing = pieces[-1].end == course.followed_until and moments.goes_on_after(pieces[-1].start)
    return _Found(onset, waived_from, ongoing, pieces)


def _pieces(moments: Moments) -> list[_Piece]:
    """What counts from onset until the last sign that counts is over."""
    pieces = [
        _Piece(start, end, moments.state(start, at_most=False), moments.state(start, at_most=True))
        for start, end in pairwise(moments.edges)
    ]
    last = max(number for number, piece in enumerate(pieces) if piece.most.is_crs)
    return pieces[: last + 1]
