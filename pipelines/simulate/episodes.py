"""The episodes of each course, and the treatments given in them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.simulate.catalogue import Treatment
from pipelines.simulate.course import SLOT_MINUTES, Course, Grades
from pipelines.simulate.draws import Bools, Draws, Ints
from pipelines.simulate.parameter_rows import rows
from pipelines.simulate.people import NEVER
from pipelines.simulate.presets import Preset


@dataclass(frozen=True, kw_only=True)
class Runs:
    """Stretches of equal value: of which subject, from which slot, to the slot after, and the value."""

    subject: Ints
    start: Ints
    stop: Ints
    value: Ints


@dataclass(frozen=True, kw_only=True)
class Episodes:
    """One value an episode, in order of subject and time; times are minutes since the first dose.

    ``worst`` is the highest grade of the signs, ``worst_at`` when it was reached, and ``told`` what the investigator
    makes of it, 0 when the episode is never reported. ``given`` is when each drug was given, NEVER when it was not.
    """

    subject: Ints
    number: Ints
    onset: Ints
    end: Ints
    is_fatal: Bools
    first_grade: Ints
    worst: Ints
    worst_at: Ints
    told: Ints
    dose_number: Ints
    given: Mapping[str, Ints]
    waived_from: Ints


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Of the episodes that began before the subject's record ended: which they are, and what of them was seen."""

    at: Ints
    end: Ints
    is_ongoing: Bools
    is_fatal: Bools
    worst: Ints
    worst_at: Ints
    reported: Ints


def runs_of(values: Grades) -> Runs:
    """The stretches of slots in which a value above 0 does not change, in order of subject and time."""
    padded = np.pad(values, ((0, 0), (1, 1)))
    begins = (padded[:, 1:-1] != padded[:, :-2]) & (values > 0)
    ends = (padded[:, 1:-1] != padded[:, 2:]) & (values > 0)
    subject, start = np.nonzero(begins)
    return Runs(
        subject=subject,
        start=start,
        stop=np.nonzero(ends)[1] + 1,
        value=values[subject, start].astype(np.int64),
    )


def make_episodes(preset: Preset, course: Course, draws: Draws) -> Episodes:
    """The episodes of each course and the treatments given in them."""
    runs = runs_of(course.episode)
    onset, end = course.times[runs.subject, runs.start], course.times[runs.subject, runs.stop]
    worst, worst_slot = _worst(course.grade, runs)
    fatal = course.died_of_crs[runs.subject] & (end == course.leaves[runs.subject])
    given = {row.drug: _given(row, course, runs, worst, draws, preset) for row in rows(Treatment, "treatments")}
    return Episodes(
        subject=runs.subject,
        number=runs.value,
        onset=onset,
        end=end,
        is_fatal=fatal,
        first_grade=course.grade[runs.subject, runs.start].astype(np.int64),
        worst=worst,
        worst_at=course.times[runs.subject, worst_slot],
        told=np.where(fatal, worst, _told(preset, draws, runs, worst)),
        dose_number=(course.doses[runs.subject] <= onset[:, None]).sum(axis=1),
        given=given,
        waived_from=np.min([np.full(len(onset), NEVER), *given.values()], axis=0),
    )


def seen_episodes(course: Course, episodes: Episodes) -> Seen:
    """What was seen of the episodes before the record of each subject ended."""
    grade, episode = course.seen()
    # Episodes are cut short or left out, never divided, so that these are the first ones of each subject.
    runs = runs_of(episode)
    at = np.flatnonzero(episodes.onset < course.stops[episodes.subject])
    after, stops = course.times[runs.subject, runs.stop], course.stops[runs.subject]
    worst, worst_slot = _worst(grade, runs)
    fatal = episodes.is_fatal[at] & (episodes.end[at] <= stops)
    as_told = np.where(worst == episodes.worst[at], episodes.told[at], np.minimum(worst, episodes.told[at]))
    return Seen(
        at=at,
        end=np.minimum(after, stops),
        is_ongoing=after > stops,
        is_fatal=fatal,
        worst=worst,
        worst_at=course.times[runs.subject, worst_slot],
        reported=np.where(fatal, 5, as_told),
    )


def _cells(grade: Grades, runs: Runs) -> tuple[Ints, Ints, Ints]:
    """Each slot of each episode: the episode's position, the slot, and its grade."""
    length = runs.stop - runs.start
    owner = np.repeat(np.arange(len(length)), length)
    slot = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length) + runs.start[owner]
    return owner, slot, grade[runs.subject[owner], slot].astype(np.int64)


def _worst(grade: Grades, runs: Runs) -> tuple[Ints, Ints]:
    """The highest grade of each episode, and the first slot with it."""
    owner, _, cell = _cells(grade, runs)
    worst = np.zeros(len(runs.start), np.int64)
    np.maximum.at(worst, owner, cell)
    return worst, _first_slot(grade, runs, worst)


def _first_slot(grade: Grades, runs: Runs, at_least: Ints) -> Ints:
    """The first slot of each episode with a grade of ``at_least``, -1 where it never came to that."""
    owner, slot, cell = _cells(grade, runs)
    reached = cell >= at_least[owner]
    first = np.full(len(runs.start), NEVER)
    np.minimum.at(first, owner[reached], slot[reached])
    return np.where(first == NEVER, -1, first)


def _given(row: Treatment, course: Course, runs: Runs, worst: Ints, draws: Draws, preset: Preset) -> Ints:
    asked = draws.uniform(f"give {row.drug}", preset.most_episodes)[runs.subject, runs.value - 1]
    slot = _first_slot(course.grade, runs, np.full(len(worst), row.trigger_grade))
    if row.otherwise_after_hours is not None:
        slot = np.where(slot < 0, runs.start + int(row.otherwise_after_hours * 60) // SLOT_MINUTES, slot)
    minute = course.times[runs.subject, np.maximum(slot, 0)] + row.delay_minutes
    given = (asked < np.array(row.chances)[worst]) & (slot >= 0) & (slot < runs.stop)
    return np.where(given, minute, NEVER)


def _told(preset: Preset, draws: Draws, runs: Runs, worst: Ints) -> Ints:
    u = draws.uniform("reported grade", preset.most_episodes)[runs.subject, runs.value - 1]
    lower, higher = u < preset.discordance / 2, (u >= preset.discordance / 2) & (u < preset.discordance)
    said = np.clip(worst - lower + higher, 1, 4)
    return np.where((u > 1 - preset.unreported) & (worst == 1), 0, said)
