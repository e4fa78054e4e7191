"""The signs that mean exactly the grade of the course, under ASTCT 2019."""

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.course import Course, Grades
from pipelines.simulate.draws import Bools, Draws, Ints
from pipelines.simulate.episodes import Episodes
from pipelines.simulate.people import NEVER
from pipelines.simulate.presets import Preset

# How a grade of 2 or more shows: by blood pressure alone, by oxygen alone, or by both.
_PATHS = (0.5, 0.25, 0.25)
_PRESSURE_ALONE, _OXYGEN_ALONE = 0, 1
_AFEBRILE_WHEN_WAIVED = 0.4


@dataclass(frozen=True, kw_only=True)
class Signs:
    """Fever, and the levels of hypotension and hypoxia, in each slot."""

    fever: Bools
    hypotension: Grades
    hypoxia: Grades


def make_signs(preset: Preset, course: Course, episodes: Episodes, draws: Draws) -> Signs:
    """Fever, hypotension and hypoxia in each slot.

    Fever is there whenever the grade is above 0, but may be absent at grade 2 or more once a treatment has
    waived it.
    """
    grade = course.grade
    waived_from = _in_slots(course, episodes, episodes.waived_from, NEVER)
    path = _in_slots(course, episodes, _path(preset, episodes, draws), _PRESSURE_ALONE)
    cool = draws.uniform("afebrile", grade.shape[1]) < _AFEBRILE_WHEN_WAIVED
    return Signs(
        fever=(grade > 0) & ~((course.times[:, :-1] > waived_from) & (grade > 1) & cool),
        hypotension=np.where((grade > 1) & (path != _OXYGEN_ALONE), grade, 0).astype(np.int8),
        hypoxia=np.where((grade > 1) & (path != _PRESSURE_ALONE), grade, 0).astype(np.int8),
    )


def _path(preset: Preset, episodes: Episodes, draws: Draws) -> Ints:
    return draws.pick("path", _PATHS, preset.most_episodes)[episodes.subject, episodes.number - 1]


def _in_slots(course: Course, episodes: Episodes, values: Ints, otherwise: int) -> Ints:
    """A value of each episode in each of its slots."""
    table = np.full((len(course.grade), int(course.episode.max(initial=0)) + 1), otherwise)
    table[episodes.subject, episodes.number] = values
    return np.take_along_axis(table, course.episode.astype(np.int64), axis=1)
