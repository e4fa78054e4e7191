"""LB: cytokines and chemistry on some days, rising with the grade of CRS; censored, and in mixed units."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.simulate.block import Block
from pipelines.simulate.catalogue import Lab
from pipelines.simulate.draws import Bools, Floats, Ints
from pipelines.simulate.parameter_rows import rows
from pipelines.simulate.people import MINUTES_A_DAY, NEVER
from pipelines.simulate.tables import coded, days_between, iso, repeated, sequence, table

_DAYS = np.array([0, 1, 2, 3, 4, 5, 7, 10, 14])
_TAKEN, _NOISE, _CURVE_DAYS, _REBOUND_DAYS = 0.85, 0.15, 1.8, 5.0
# Results have three significant digits, so that one list of words serves all of them, by exponent and digits.
_LOWEST, _POWERS, _DIGITS = -3, 10, 900
_WORDS = [
    f"{digits * 10.0 ** (power - 2):.{max(2 - power, 0)}f}"
    for power in range(_LOWEST, _LOWEST + _POWERS)
    for digits in range(100, 1000)
]
_VALUES = np.array([float(word) for word in _WORDS])
_BLASTS = Lab(
    testcd="BLASTLE",
    test="Blasts/Leukocytes",
    unit="%",
    other_unit="%",
    other_factor=1,
    base_ln=0,
    base_sd=0,
    peak_1=0,
    peak_2=0,
    peak_3=0,
    peak_sd=0,
    lag_days=0,
    lowest=0,
    highest=100,
    burden_ln=0,
    after_tocilizumab_ln=0,
    upper_limit=5,
)


@dataclass(frozen=True, kw_only=True)
class _Results:
    """One value a result: ``value`` in standard units, ``outside`` 0 below its limits, 1 above, else -1."""

    subject: Ints
    test: Ints
    day: Ints
    value: Floats
    outside: Ints


def laboratory(block: Block) -> pa.Table:
    """LB of all treated subjects: by subject, test and day."""
    tests = rows(Lab, "labs")
    if block.preset.burden_variable == "LB.BLASTLE":
        tests = (*tests, _BLASTS)
    results = _results(block, tests)
    subject, count = results.subject, len(results.subject)
    moment = block.people.anchor[subject] + _since(block)[subject, results.day]
    own = {
        "STUDYID": repeated(block.study, count),
        "DOMAIN": repeated("LB", count),
        "USUBJID": block.usubjid_of(subject),
        "LBSEQ": sequence(subject),
        "LBTESTCD": coded(results.test, [row.testcd for row in tests]),
        "LBTEST": coded(results.test, [row.test for row in tests]),
        "LBLOBXFL": coded(np.where(results.day == 0, 0, -1), ["Y"]),
        "LBDTC": iso(moment),
        "LBDY": days_between(block.people.anchor[subject], moment),
    }
    return table("LB", {**own, **_shown(block, tests, results)})


def _shown(block: Block, tests: tuple[Lab, ...], results: _Results) -> dict[str, pa.Array]:
    """Results as collected and in standard units, as text and as number."""
    people, subject, test = block.people, results.subject, results.test
    inside = results.outside < 0
    # Limits are printed in the standard unit, whatever unit the site uses.
    other = people.sees_other_units[subject] & inside
    kept = people.keeps_other_units[subject] & inside & (np.array([row.testcd for row in tests])[test] == "CRP")
    original, standard = _places(results, tests, other), _places(results, tests, kept)
    factors = np.array([row.other_factor for row in tests])
    words, units = _words(tests), [row.unit for row in tests] + [row.other_unit for row in tests]
    return {
        "LBORRES": coded(original, words),
        "LBORRESU": coded(test + other * len(tests), units),
        "LBSTRESC": coded(standard, words),
        "LBSTRESN": pa.array(_VALUES[np.minimum(standard, len(_VALUES) - 1)], mask=~inside),
        "LBSTRESU": coded(test + kept * len(tests), units),
        "LBSTNRHI": np.array([row.upper_limit for row in tests])[test] * np.where(kept, factors[test], 1),
    }


def _results(block: Block, tests: tuple[Lab, ...]) -> _Results:
    subject, test, day = np.nonzero(np.stack([_taken(block, row) for row in tests], axis=1))
    value = np.empty(len(subject))
    for number, row in enumerate(tests):
        of_test = test == number
        value[of_test] = _values(block, row)[subject[of_test], day[of_test]]
    lowest, highest = (np.array([getattr(row, edge) for row in tests])[test] for edge in ("lowest", "highest"))
    outside = np.where(value < lowest, 0, np.where(value > highest, 1, -1))
    return _Results(subject=subject, test=test, day=day, value=value, outside=outside)


def _taken(block: Block, row: Lab) -> Bools:
    taken = block.draws.uniform("samples", len(_DAYS)) < _TAKEN
    taken[:, 0] = True
    taken &= block.people.treated[:, None] & (_since(block) < block.course.stops[:, None])
    if block.preset.burden_variable == f"LB.{row.testcd}":
        taken[:, 0] &= ~np.isnan(block.people.burden)
    if row is _BLASTS:
        taken[:, 1:] = False
    return taken


def _since(block: Block) -> Ints:
    """Minutes from the first dose to each sample; that of day 0 is taken before it."""
    return _DAYS * MINUTES_A_DAY - 60 - block.draws.integers("minute of sample", 60, len(_DAYS))


def _values(block: Block, row: Lab) -> Floats:
    if row is _BLASTS:
        return np.repeat(block.people.burden[:, None], len(_DAYS), axis=1)
    base = (
        row.base_ln
        + row.burden_ln * block.people.burden_z
        + row.base_sd * block.draws.normal(f"{row.testcd} base")[:, 0]
    )
    noise = _NOISE * block.draws.normal(f"{row.testcd} noise", len(_DAYS))
    noise[:, 0] = 0
    return np.exp(base[:, None] + noise + _rise(block, row, base) + _rebound(block, row))


def _rise(block: Block, row: Lab, base: Floats) -> Floats:
    """What CRS adds to the logarithm: nothing before onset, the peak of its grade some days after it."""
    onset, worst = _worst(block)
    peaks = np.array([0, row.peak_1, row.peak_2, row.peak_3, row.peak_3])[worst]
    peak = peaks + row.peak_sd * block.draws.normal(f"{row.testcd} peak")[:, 0]
    days = (_since(block) - onset[:, None]) / MINUTES_A_DAY
    shape = np.exp(-0.5 * ((days - row.lag_days) / _CURVE_DAYS) ** 2)
    return np.where((worst > 0)[:, None] & (days >= 0), (peak - base)[:, None] * shape, 0)


def _rebound(block: Block, row: Lab) -> Floats:
    """What tocilizumab adds to the logarithm: it blocks the receptor, so interleukin 6 rises after it."""
    first = np.full(len(block.course.stops), NEVER)
    np.minimum.at(first, block.episodes.subject, block.episodes.given["TOCILIZUMAB"])
    days = (_since(block) - first[:, None]) / MINUTES_A_DAY
    return np.where(days > 0, row.after_tocilizumab_ln * np.exp(-np.maximum(days, 0) / _REBOUND_DAYS), 0)


def _worst(block: Block) -> tuple[Ints, Ints]:
    """Onset and grade of each subject's worst episode; grade 0 without one."""
    episodes = block.episodes
    order = np.argsort(episodes.worst, kind="stable")
    onset, worst = np.full(len(block.course.stops), NEVER), np.zeros(len(block.course.stops), np.int64)
    onset[episodes.subject[order]], worst[episodes.subject[order]] = (
        episodes.onset[order],
        episodes.worst[order],
    )
    return onset, worst


def _words(tests: tuple[Lab, ...]) -> list[str]:
    return _WORDS + [f"{sign}{limit:g}" for row in tests for sign, limit in (("<", row.lowest), (">", row.highest))]


def _places(results: _Results, tests: tuple[Lab, ...], other: Bools) -> Ints:
    """The word of each result, in the other unit where ``other`` says so."""
    factor = np.where(other, np.array([row.other_factor for row in tests])[results.test], 1)
    value = np.maximum(results.value * factor, 10.0**_LOWEST)
    power = np.floor(np.log10(value)).astype(np.int64)
    # 9.996 rounds to 1000 hundredths, which is the next exponent's first word.
    digits = np.rint(value / 10.0 ** (power - 2)).astype(np.int64)
    place = (power - _LOWEST) * _DIGITS + digits - 100
    return np.where(results.outside >= 0, len(_WORDS) + 2 * results.test + results.outside, place)
