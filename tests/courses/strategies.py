"""Courses for properties: from hypothesis, which finds the smallest that fails, and many at once from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from tests.courses.chance import Option, course_by
from tests.courses.course import Course


@dataclass(frozen=True)
class _Drawn:
    """Choices that hypothesis makes."""

    draw: st.DrawFn

    def choice(self, options: Sequence[Option], /) -> Option:
        """One of the options; the first is the simplest."""
        return self.draw(st.sampled_from(options))

    def randint(self, least: int, most: int, /) -> int:
        """A whole number, both ends included."""
        return self.draw(st.integers(least, most))


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """One subject's course."""
    return course_by(_Drawn(draw))


def seeded(number: int, seed: int) -> list[Course]:
    """So many courses, the same ones for the same seed."""
    chance = Random(seed)
    return [course_by(chance) for _ in range(number)]
