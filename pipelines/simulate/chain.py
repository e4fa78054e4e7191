"""How the grade goes from step to step within an episode."""

from typing import Protocol

import numpy as np

from pipelines.simulate.draws import Draws, Floats, Ints
from pipelines.simulate.presets import Preset

GAP_STATE, DEATH_STATE, END_STATE = 0, 5, 6
_ONSET_ROW = 5
_STEPS = 96
# Seven sign-free days would end the episode by the merge rule of grading.
_LONGEST_GAP_HOURS = 144
_SLOT_HOURS = 4
# Which steps are to the worse, and so more likely at a higher score; coming back from a gap is not.
_WORSE = np.zeros((6, 7), bool)
for _before, _after in ((1, 2), (2, 3), (3, 4), (4, 5), (_ONSET_ROW, 2)):
    _WORSE[_before, _after:END_STATE] = True


class Canvas(Protocol):
    """What the chain writes on: a grade and an episode number for every subject and slot."""

    grade: np.ndarray
    episode: np.ndarray
    score: Floats
    draws: Draws
    slots: int


class Chain:
    """The weights of one preset, and the walk by them."""

    def __init__(self, preset: Preset) -> None:
        """Weights, and what limits the walk, from the preset's rows."""
        self.step_slots = preset.step_hours // _SLOT_HOURS
        self.longest_gap = _LONGEST_GAP_HOURS // preset.step_hours
        self.severity_effect = preset.severity_effect
        self.weights = _weights(preset)

    def run(self, canvas: Canvas, who: Ints, slot: Ints, number: Ints) -> tuple[Ints, Ints, Ints]:
        """Write an episode for each of ``who`` from ``slot`` on.

        Returns:
            Worst grade, slot after the last sign, and how it ended (death or end), one value a subject.
        """
        u, score = _of_episodes(canvas.draws, who, number), canvas.score[who]
        state = self._next(np.full(len(who), _ONSET_ROW), score, u[:, 0])
        worst, end, gap = state.copy(), slot.copy(), np.zeros(len(who), np.int64)
        going = np.arange(len(who))
        for step in range(1, _STEPS):
            self._write(canvas, who[going], end[going], state[going], number[going])
            end[going] += self.step_slots
            gap[going] = np.where(state[going] == GAP_STATE, gap[going] + 1, 0)
            after = self._next(state[going], score[going], u[going, step])
            after = self._bounded(after, gap[going], end[going], canvas.slots)
            end[going] -= self._trim(canvas, who[going], end[going], after, u[going, _STEPS + step])
            state[going] = after
            worst[going] = np.maximum(worst[going], np.where(after < DEATH_STATE, after, 0))
            going = going[after < DEATH_STATE]
        return worst, end, state

    def _next(self, before: Ints, score: Floats, u: Floats) -> Ints:
        severity = np.where(_WORSE[before], np.exp(self.severity_effect * score)[:, None], 1)
        bounds = (self.weights[before] * severity).cumsum(axis=1)
        return (u[:, None] * bounds[:, -1:] >= bounds).sum(axis=1)

    def _bounded(self, after: Ints, gap: Ints, end: Ints, slots: int) -> Ints:
        after = np.where((after == GAP_STATE) & (gap >= self.longest_gap - 1), 1, after)
        # A course that reaches the horizon ends there; the labels' longest ones are not simulated.
        return np.where(end + 2 * self.step_slots >= slots, END_STATE, after)

    def _write(self, canvas: Canvas, who: Ints, slot: Ints, state: Ints, number: Ints) -> None:
        for offset in range(self.step_slots):
            canvas.grade[who, slot + offset] = state
            canvas.episode[who, slot + offset] = number

    def _trim(self, canvas: Canvas, who: Ints, end: Ints, after: Ints, u: Floats) -> Ints:
        # An episode ends within its last step, not at the end of it.
        free = np.where(after == END_STATE, (u * self.step_slots).astype(np.int64), 0)
        for offset in range(1, self.step_slots):
            cleared = free >= offset
            canvas.grade[who[cleared], end[cleared] - offset] = 0
            canvas.episode[who[cleared], end[cleared] - offset] = 0
        return free


def _weights(preset: Preset) -> Floats:
    """Weights by the grade before, onset last, and by what comes after: grades, death, end."""
    weights = np.zeros((6, 7))
    for row in preset.transitions:
        before = _ONSET_ROW if row.before == "onset" else int(row.before)
        weights[before, END_STATE if row.after == "end" else int(row.after)] = row.weight
    return weights


def _of_episodes(draws: Draws, who: Ints, number: Ints) -> Floats:
    found = np.zeros((len(who), 2 * _STEPS))
    for episode in np.unique(number):
        of_this = number == episode
        drawn = draws.uniform(f"grades of episode {episode}", 2 * _STEPS)
        found[of_this] = drawn[who[of_this]]
    return found
