"""Who is in the trial: arms, tumour burden, dates, and how each subject leaves."""

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.draws import Bools, Draws, Floats, Ints
from pipelines.simulate.presets import Preset

MINUTES_A_DAY = 1440
NEVER = np.iinfo(np.int64).max // 4
SCREEN_FAILURE, NOT_TREATED, TREATED = range(3)
COMPLETED, DEATH, WITHDRAWAL = range(3)
SITES = 24
# Enrolment does not depend on the cut, so that a later cut of the same seed holds the earlier one's subjects.
_ENROLMENT_BEGINS = np.datetime64("2024-10-01", "m")
_ENROLMENT_DAYS = 636


@dataclass(frozen=True, kw_only=True)
class People:
    """One value a subject; times are minutes, ``anchor`` since 1970 and all others since the anchor."""

    index: Ints
    site: Ints
    age: Ints
    is_male: Bools
    race: Ints
    weight_kg: Floats
    fate: Ints
    level: Ints
    dose_factor: Floats
    burden_z: Floats
    burden: Floats
    anchor: Ints
    consent: Ints
    leaves: Ints
    leaves_by: Ints
    cut: Ints

    @property
    def treated(self) -> Bools:
        """Who got the first dose before the data cut."""
        return (self.fate == TREATED) & (self.cut > 0)

    @property
    def sees_fahrenheit(self) -> Bools:
        """Whose site reads temperatures in Fahrenheit."""
        return self.site % 4 == 1

    @property
    def keeps_fahrenheit(self) -> Bools:
        """Whose site's temperatures were never brought to the standard unit."""
        return self.site % 12 == 5

    @property
    def sees_other_units(self) -> Bools:
        """Whose site's laboratory reports in units other than the standard ones."""
        return self.site % 5 == 4

    @property
    def keeps_other_units(self) -> Bools:
        """Whose site's C-reactive protein was never brought to the standard unit."""
        return self.site % 10 == 4


def make_people(preset: Preset, draws: Draws, cut_date: str) -> People:
    """Subjects with everything that is settled before their first dose.

    Args:
        preset: The kind of trial.
        draws: Random numbers of these subjects.
        cut_date: Data cut, YYYY-MM-DD; its whole day is seen.
    """
    z = draws.normal("burden")[:, 0]
    day = draws.integers("day of enrolment", _ENROLMENT_DAYS)[:, 0]
    anchor = _ENROLMENT_BEGINS.astype(np.int64) + day * MINUTES_A_DAY + 480 + draws.integers("hour", 480)[:, 0]
    cut = np.datetime64(cut_date, "m").astype(np.int64) + MINUTES_A_DAY
    leaves, leaves_by = _leaving(preset, draws)
    return People(
        index=np.arange(draws.first, draws.first + draws.subjects),
        site=1 + draws.integers("site", SITES)[:, 0],
        age=np.clip(58 + 13 * draws.normal("age")[:, 0], 18, 88).astype(np.int64),
        is_male=draws.chance("sex", 0.55),
        race=draws.pick("race", (0.7, 0.15, 0.1, 0.05))[:, 0],
        weight_kg=np.round(np.clip(78 + 15 * draws.normal("weight")[:, 0], 40, 150), 1),
        fate=_fate(preset, draws),
        level=draws.integers("dose level", len(preset.levels))[:, 0],
        dose_factor=np.exp(0.06 * draws.normal("dose")[:, 0]),
        burden_z=z,
        burden=_burden(preset, draws, z),
        anchor=anchor,
        consent=-MINUTES_A_DAY * (14 + draws.integers("screening", 15)[:, 0]),
        leaves=leaves,
        leaves_by=leaves_by,
        cut=cut - anchor,
    )


def _fate(preset: Preset, draws: Draws) -> Ints:
    shares = (preset.screen_failures, preset.not_treated, 1 - preset.screen_failures - preset.not_treated)
    return draws.pick("fate", shares)[:, 0]


def _burden(preset: Preset, draws: Draws, z: Floats) -> Floats:
    value = np.exp(preset.burden_ln + preset.burden_sd * z)
    most = 99.0 if preset.burden_unit == "%" else np.inf
    step = 10.0 ** (np.floor(np.log10(value)) - 2)
    value = np.minimum(np.round(np.round(value / step) * step, 3), most)
    return np.where(draws.chance("burden missing", preset.burden_missing), np.nan, value)


def _leaving(preset: Preset, draws: Draws) -> tuple[Ints, Ints]:
    shares = (1 - preset.other_deaths - preset.withdrawals, preset.other_deaths, preset.withdrawals)
    way = draws.pick("leaves by", shares)[:, 0]
    planned = (preset.doses[-1].day + preset.follow_up_days) * MINUTES_A_DAY
    early = (1 + draws.uniform("leaves")[:, 0] * (planned - MINUTES_A_DAY)).astype(np.int64)
    return np.where(way == COMPLETED, planned, early), way
