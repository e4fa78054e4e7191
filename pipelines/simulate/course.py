"""When the doses were given and how CRS went: a grade for every slot of four hours after the first dose."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.simulate.catalogue import Treatment
from pipelines.simulate.chain import DEATH_STATE, Chain
from pipelines.simulate.draws import Bools, Draws, Floats, Ints
from pipelines.simulate.parameter_rows import rows
from pipelines.simulate.people import DEATH, MINUTES_A_DAY, NEVER, People
from pipelines.simulate.presets import Dose, Preset

SLOT_MINUTES = 240
SLOTS_A_DAY = MINUTES_A_DAY // SLOT_MINUTES
Grades = npt.NDArray[np.int8]


@dataclass(frozen=True, kw_only=True)
class Course:
    """What happened to each subject, whether or not it was before the data cut.

    ``times`` is the minute of each slot's readings and, in its last column, of the slot after; ``grade`` and
    ``episode`` hold from that minute to the next slot's. ``doses`` is the minute of each planned dose, NEVER
    when not given. Nothing is known after ``stops``: the data cut, or ``leaves``, when the subject died or left.
    All is drawn as if there were no cut, so that a later one adds to what an earlier one showed.
    """

    times: Ints
    grade: Grades
    episode: Grades
    doses: Ints
    stops: Ints
    leaves: Ints
    leaves_by: Ints
    died_of_crs: Bools

    def seen(self) -> tuple[Grades, Grades]:
        """Grades and episodes up to what ends the subject's record."""
        unseen = self.times[:, :-1] >= self.stops[:, None]
        grade, episode = (np.where(unseen, 0, values).astype(np.int8) for values in (self.grade, self.episode))
        return grade, np.where(_sign_to_come(grade, episode), episode, 0).astype(np.int8)


def make_course(preset: Preset, people: People, draws: Draws) -> Course:
    """The course of each subject: doses in turn, after each of them perhaps CRS, which delays the next.

    Args:
        preset: The kind of trial.
        people: The subjects.
        draws: Random numbers of these subjects.
    """
    walk = _Walk(preset, people, draws)
    for dose in preset.doses:
        walk.give(dose)
    walk.come_back()
    return walk.course()


class _Walk:
    """The state of the walk through the doses; it alone changes as the walk goes on."""

    def __init__(self, preset: Preset, people: People, draws: Draws) -> None:
        self.preset, self.people, self.draws = preset, people, draws
        self.subjects, self.slots = len(people.index), preset.horizon_days * SLOTS_A_DAY
        self.times = _reading_times(self.subjects, self.slots, draws)
        self.grade = np.zeros((self.subjects, self.slots), np.int8)
        self.episode = np.zeros((self.subjects, self.slots), np.int8)
        self.doses = np.full((self.subjects, len(preset.doses)), NEVER)
        self.leaves = people.leaves.copy()
        self.leaves_by = people.leaves_by.copy()
        self.died_of_crs = np.zeros(self.subjects, bool)
        self.episodes = np.zeros(self.subjects, np.int64)
        self.free_from = np.zeros(self.subjects, np.int64)
        self.had_tocilizumab = np.zeros(self.subjects, bool)
        self.score = _score(preset, people, draws)
        self.chain = Chain(preset)

    def give(self, dose: Dose) -> None:
        """Give a dose to all who can have it, and CRS to some of them."""
        slot = self._dose_slot(dose)
        early = self.draws.integers(f"dose {dose.dose_number} minutes", 30)[:, 0] if dose.day else 0
        minute = slot * SLOT_MINUTES - early
        due = self.people.treated & (minute < np.minimum(self.leaves, self.people.cut))
        due &= slot < self.slots - SLOTS_A_DAY
        if dose.dose_number > 1:
            due &= self.doses[:, dose.dose_number - 2] != NEVER
        self.doses[due, dose.dose_number - 1] = minute[due]
        onset = self._onset_slot(dose.dose_number, slot)
        self._suffer(np.flatnonzero(due & (onset >= 0) & (onset < self.slots - SLOTS_A_DAY)), onset)

    def come_back(self) -> None:
        """Give some of those who had CRS a second episode without a further dose, after 7 sign-free days."""
        again = self.draws.chance("comes back", self.preset.recurrence)
        again &= (self.episodes > 0) & ~self.died_of_crs
        later = self.draws.integers("comes back after", 4 * SLOTS_A_DAY)[:, 0]
        onset = self.free_from + 8 * SLOTS_A_DAY + later
        # CRS begins within 30 days of a dose, or it is not CRS.
        again &= onset < np.minimum(29 * SLOTS_A_DAY, self.slots - 2 * SLOTS_A_DAY)
        again &= onset * SLOT_MINUTES < self.leaves
        self._suffer(np.flatnonzero(again), onset)

    def course(self) -> Course:
        """Where the walk has led."""
        return Course(
            times=self.times,
            grade=self.grade,
            episode=np.where(_sign_to_come(self.grade, self.episode), self.episode, 0).astype(np.int8),
            doses=self.doses,
            stops=np.minimum(self.leaves, self.people.cut),
            leaves=self.leaves,
            leaves_by=self.leaves_by,
            died_of_crs=self.died_of_crs,
        )

    def _dose_slot(self, dose: Dose) -> Ints:
        if not dose.day:
            return np.zeros(self.subjects, np.int64)
        previous = self.preset.doses[dose.dose_number - 2]
        before = self.doses[:, dose.dose_number - 2]
        planned = -(-np.where(before == NEVER, 0, before) // MINUTES_A_DAY) + dose.day - previous.day
        # The next dose waits until CRS has been over for a day.
        return np.maximum(planned, -(-(self.free_from + SLOTS_A_DAY) // SLOTS_A_DAY)) * SLOTS_A_DAY

    def _onset_slot(self, dose_number: int, slot: Ints) -> Ints:
        windows = [row for row in self.preset.hazards if row.dose_number == dose_number]
        ratio = np.exp(self.score + self.preset.later_dose_effect * self.had_tocilizumab)
        hazard = 1 - (1 - np.array([row.hazard for row in windows])) ** ratio[:, None]
        begins = self.draws.uniform(f"onset after dose {dose_number}", len(windows)) < hazard
        first = begins.argmax(axis=1)
        low = np.array([row.from_hour * 60 // SLOT_MINUTES for row in windows])[first]
        high = np.array([row.to_hour * 60 // SLOT_MINUTES for row in windows])[first]
        within = self.draws.uniform(f"onset slot after dose {dose_number}")[:, 0]
        return np.where(begins.any(axis=1), slot + low + (within * (high - low)).astype(np.int64), -1)

    def _suffer(self, who: Ints, onset: Ints) -> None:
        self.episodes[who] += 1
        number = self.episodes[who]
        worst, end, state = self.chain.run(self, who, onset[who], number)
        self.free_from[who] = end
        asked = self.draws.uniform("give TOCILIZUMAB", self.preset.most_episodes)[who, number - 1]
        self.had_tocilizumab[who] |= asked < np.array(_tocilizumab().chances)[worst]
        self._leave(who, end, state)

    def _leave(self, who: Ints, end: Ints, state: Ints) -> None:
        over, fatal = self.times[who, end], state == DEATH_STATE
        self.leaves[who[fatal]] = over[fatal]
        self.leaves_by[who[fatal]] = DEATH
        self.died_of_crs[who[fatal]] = True
        # Nobody leaves with CRS, unless by dying of it.
        self.leaves[who[~fatal]] = np.maximum(self.leaves[who[~fatal]], over[~fatal] + MINUTES_A_DAY)


def _reading_times(subjects: int, slots: int, draws: Draws) -> Ints:
    return np.arange(slots + 1) * SLOT_MINUTES + 1 + draws.integers("minute of reading", 30, slots + 1)


def _score(preset: Preset, people: People, draws: Draws) -> Floats:
    level = np.array([level.log_risk for level in preset.levels])[people.level]
    frailty = preset.frailty_sd * draws.normal("frailty")[:, 0]
    premedicated = sum(
        row.log_risk * draws.chance(f"premedication {row.drug}", row.chance) for row in preset.premedication
    )
    return level + preset.burden_effect * people.burden_z + frailty + premedicated


def _sign_to_come(grade: Grades, episode: Grades) -> Bools:
    """Where a sign is there or comes back in the same episode: an episode ends with its last sign."""
    slots = grade.shape[1]
    graded = np.where(grade > 0, np.arange(slots), slots)
    following = np.minimum.accumulate(graded[:, ::-1], axis=1)[:, ::-1]
    there = np.take_along_axis(episode, np.minimum(following, slots - 1), axis=1)
    return (following < slots) & (there == episode)


def _tocilizumab() -> Treatment:
    return next(row for row in rows(Treatment, "treatments") if row.drug == "TOCILIZUMAB")
