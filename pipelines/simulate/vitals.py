"""VS: temperature every four hours, blood pressure, oxygen saturation and pulse, with the signs of CRS."""

import numpy as np
import pyarrow as pa

from pipelines.simulate.block import Block
from pipelines.simulate.catalogue import Vital
from pipelines.simulate.course import SLOT_MINUTES, SLOTS_A_DAY
from pipelines.simulate.draws import Bools, Floats, Ints
from pipelines.simulate.parameter_rows import rows
from pipelines.simulate.tables import coded, days_between, iso, repeated, sequence, table

# Readings are tenths or whole numbers, so that one list of words serves all of them.
_TENTHS, _WHOLES = 2500, 400
_WORDS = [f"{tenths / 10:.1f}" for tenths in range(_TENTHS)] + [str(whole) for whole in range(_WHOLES)]
_VALUES = np.array([float(word) for word in _WORDS])
_TESTS = [*((row.testcd, row.test, row.unit) for row in rows(Vital, "vitals")), ("WEIGHT", "Weight", "kg")]
_TEMPERATURE, _WEIGHT = 0, len(_TESTS) - 1
_FEVER_C, _HOTTEST_C = 38.0, 41.4
# Shares with what is no sign of CRS: fever before the first dose, one low reading in those without CRS.
_FEVER_BEFORE, _LOW_ONCE = 0.01, 0.01
_LOW_COLUMN = 13


def vital_signs(block: Block) -> pa.Table:
    """VS of all treated subjects: by subject, test and time."""
    readings = rows(Vital, "vitals")
    subject, test, column = np.nonzero(np.stack([*(_read(block, row) for row in readings), _once(block)], axis=1))
    value = np.empty(len(subject))
    for number, made in enumerate([*(_values(block, row) for row in readings), block.people.weight_kg[:, None]]):
        of_test = test == number
        value[of_test] = made[subject[of_test], column[of_test]]
    anchor = block.people.anchor[subject]
    moment = anchor + np.concatenate([_before(block), block.course.times], axis=1)[subject, column]
    own = {
        "STUDYID": repeated(block.study, len(subject)),
        "DOMAIN": repeated("VS", len(subject)),
        "USUBJID": block.usubjid_of(subject),
        "VSSEQ": sequence(subject),
        "VSTESTCD": coded(test, [code for code, _, _ in _TESTS]),
        "VSTEST": coded(test, [name for _, name, _ in _TESTS]),
        "VSLOBXFL": coded(np.where(column == 0, 0, -1), ["Y"]),
        "VSDTC": iso(moment),
        "VSDY": days_between(anchor, moment),
    }
    return table("VS", {**own, **_shown(block, subject, test, value)})


def _shown(block: Block, subject: Ints, test: Ints, value: Floats) -> dict[str, pa.Array | np.ndarray]:
    """Results as collected, some in Fahrenheit, and in standard units, though not at every site."""
    in_fahrenheit = (test == _TEMPERATURE) & block.people.sees_fahrenheit[subject]
    kept = in_fahrenheit & block.people.keeps_fahrenheit[subject]
    tenths = np.rint(value * 10).astype(np.int64)
    in_tenths = (test == _TEMPERATURE) | (test == _WEIGHT)
    standard = np.where(in_tenths, tenths, _TENTHS + np.rint(value).astype(np.int64))
    # From the rounded Celsius: either unit must say the same about 38.0.
    original = np.where(in_fahrenheit, np.rint(tenths * 1.8 + 320).astype(np.int64), standard)
    standard = np.where(kept, original, standard)
    units = [*(unit for _, _, unit in _TESTS), "F"]
    return {
        "VSORRES": coded(original, _WORDS),
        "VSORRESU": coded(np.where(in_fahrenheit, len(_TESTS), test), units),
        "VSSTRESC": coded(standard, _WORDS),
        "VSSTRESN": _VALUES[standard],
        "VSSTRESU": coded(np.where(kept, len(_TESTS), test), units),
    }


def _read(block: Block, row: Vital) -> Bools:
    """Which slots have a reading; the first column is the reading before the first dose."""
    slots = block.course.grade.shape[1]
    in_crs = block.course.episode > 0
    # The slot after an episode shows that it is over.
    in_crs[:, 1:] |= block.course.episode[:, :-1] > 0
    planned = _monitored(block) & (np.arange(slots) % row.every_slots == 0)
    seen = block.course.times[:, :-1] < block.course.stops[:, None]
    treated = block.people.treated[:, None]
    return np.concatenate([treated, (planned | in_crs) & seen & treated], axis=1)


def _monitored(block: Block) -> Bools:
    """Which slots are within the protocol's monitoring of a dose."""
    slots = np.arange(block.course.grade.shape[1])
    monitored = np.zeros(block.course.grade.shape, bool)
    for dose in block.course.doses.T[:, :, None]:
        first = -(-dose // SLOT_MINUTES)
        monitored |= (slots >= first) & (slots <= first + block.preset.monitor_days * SLOTS_A_DAY)
    return monitored


def _once(block: Block) -> Bools:
    once = np.zeros((len(block.course.stops), block.course.grade.shape[1] + 1), bool)
    once[:, 0] = block.people.treated
    return once


def _before(block: Block) -> Ints:
    return -60 - block.draws.integers("vitals before", 60)


def _values(block: Block, row: Vital) -> Floats:
    """Readings of one test, the one before the first dose and one a slot."""
    within = block.draws.normal(row.testcd, block.course.grade.shape[1] + 1)
    usual = row.mean + row.sd_between * block.draws.normal(f"{row.testcd} usual")
    healthy = np.clip(usual + row.sd_within * within, row.low, row.high)
    return _ILL[row.testcd](block, healthy, within)


def _fevers(block: Block, healthy: Floats, z: Floats) -> Floats:
    before = block.draws.chance("fever before", _FEVER_BEFORE)[:, None]
    fever = np.concatenate([before, block.signs.fever], axis=1)
    return np.where(fever, np.minimum(_FEVER_C + 0.7 * np.abs(z), _HOTTEST_C), healthy)


def _pressures(block: Block, healthy: Floats, z: Floats) -> Floats:
    level = _with_before(block.signs.hypotension)
    healthy = np.where(_low_once(block, "faint"), 84, healthy)
    # A vasopressor may bring the pressure back, and the grade stays: it is the need of it that counts.
    on_vasopressor = np.clip(88 + 8 * z, 55, 115)
    return np.where(level == 0, healthy, np.where(level == 2, np.clip(82 + 4 * z, 62, 89), on_vasopressor))


def _saturations(block: Block, healthy: Floats, z: Floats) -> Floats:
    healthy = np.where(_low_once(block, "desaturation"), 88, healthy)
    return np.where(_with_before(block.signs.hypoxia) > 0, np.clip(91.5 + 1.5 * z, 84, 96), healthy)


def _pulses(block: Block, healthy: Floats, z: Floats) -> Floats:
    return np.where(_with_before(block.course.grade) > 0, np.clip(112 + 10 * z, 85, 165), healthy)


_ILL = {"TEMP": _fevers, "SYSBP": _pressures, "OXYSAT": _saturations, "PULSE": _pulses}


def _low_once(block: Block, name: str) -> Bools:
    """One reading, in some of those without CRS: a sign that is no part of any episode."""
    low = np.zeros((len(block.course.stops), block.course.grade.shape[1] + 1), bool)
    low[:, _LOW_COLUMN] = block.draws.chance(name, _LOW_ONCE)
    low[block.episodes.subject] = False
    return low


def _with_before(levels: np.ndarray) -> np.ndarray:
    return np.pad(levels, ((0, 0), (1, 0)))
