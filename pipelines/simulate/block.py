"""Some subjects of a trial, from who they are to the signs they showed."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.simulate.course import Course, make_course
from pipelines.simulate.draws import Bools, Draws
from pipelines.simulate.episodes import Episodes, Seen, make_episodes, seen_episodes
from pipelines.simulate.people import SCREEN_FAILURE, People, make_people
from pipelines.simulate.presets import Preset
from pipelines.simulate.signs import Signs, make_signs


@dataclass(frozen=True, kw_only=True)
class Block:
    """Subjects that are made and written together; positions in its arrays are positions in the block."""

    study: str
    usubjids: tuple[str, ...]
    preset: Preset
    draws: Draws
    people: People
    course: Course
    episodes: Episodes
    seen: Seen
    signs: Signs

    @property
    def enrolled(self) -> Bools:
        """Who had consented before the data cut, and so has a row in DM."""
        return self.people.consent < self.people.cut

    @property
    def admitted(self) -> Bools:
        """Who was enrolled and passed screening."""
        return self.enrolled & (self.people.fate != SCREEN_FAILURE)

    def usubjid_of(self, subject: np.ndarray) -> pa.DictionaryArray:
        """The identifier of each row, given its subject's position."""
        return pa.DictionaryArray.from_arrays(pa.array(subject.astype(np.int32)), pa.array(self.usubjids, pa.string()))


def make_block(study: str, preset: Preset, seed: int, cut: str, first: int, subjects: int) -> Block:
    """Subjects ``first`` to ``first + subjects - 1`` of a trial.

    Args:
        study: STUDYID.
        preset: The kind of trial.
        seed: Seed of the trial.
        cut: Data cut, YYYY-MM-DD.
        first: Position of the first subject, from 0.
        subjects: How many.
    """
    draws = Draws(trial=preset.name, seed=seed, first=first, subjects=subjects)
    people = make_people(preset, draws, cut)
    course = make_course(preset, people, draws)
    episodes = make_episodes(preset, course, draws)
    return Block(
        study=study,
        usubjids=tuple(
            f"{study}-{site:03d}-{index + 1:06d}" for site, index in zip(people.site, people.index, strict=True)
        ),
        preset=preset,
        draws=draws,
        people=people,
        course=course,
        episodes=episodes,
        seen=seen_episodes(course, episodes),
        signs=make_signs(preset, course, episodes, draws),
    )
