"""What becomes of one damaged study.yaml: read into tables, or refused line by line."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import yaml

from pipelines.studies import StudyError, load_pooled, load_study, study_tables
from tests.fuzz.mutations import damaged
from tests.fuzz.outcomes import LONGEST_SENTENCE, Outcome, outcome_of
from tests.unit.study_folders import SHORTEST, SPECIFIED

POOLED = "study: POOLED\ntitle: All\nstudies: [S1, S2]\n"
_MOST_LINES = 60
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
_ODD_LINES = (
    BOMB,
    "<<: *a\n",
    "a: &a {<<: *a}\n",
    "a: &a [*a]\n",
    "study: &s S1\ntitle: *s\n",
    "\t- x\n",
    "? [a, b]\n: c\n",
    "!!python/object/apply:os.system ['true']\n",
    "--- \nstudy: S2\n",
    "%YAML 9.9\n",
    "study: S1\n",
    "title: \u2028\u0085\u00a0\u202e\n",
    "title: |\n  a\n   b\n",
    "board: {minimum_cell: 10000000000000000000000}\n",
    "board: {stopping: {looks: [1, 2, 1000]}}\n",
    "teae: {end_window_days: 1.0e+300}\n",
    "grading: {episode_gap_days: .inf}\n",
    "data_cut: 0001-01-01\n",
    "data_cut: 9999-12-31\n",
)
_ODD_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        -1,
        0,
        10**30,
        10**400,
        1e300,
        1e-320,
        float("nan"),
        float("inf"),
        "",
        " ",
        "x" * 5000,
        "\u202e",
        "=",
    ),
    *([], {}, [[]], {"a": {}}, ["A", "A"], [1, 2], [2, 1], "2026-02-30", "0001-01-01", "9999-12-31", "grade>=9"),
    *("EX.", ".", "SUPPDM.'", "SUPPDM." + "X" * 300, "NA", "No", "\ufffe", "../../S1", "POOLED", 1.5, "1e5", "0x10"),
)


def attempt_settings(seed: int, number: int) -> Outcome:
    """What becomes of one damaged study.yaml; every fifth is that of POOLED."""
    chance = Random(f"{seed} study.yaml {number}")
    pooled = number % 5 == 0
    texts = (POOLED,) if pooled else (SPECIFIED, SHORTEST)
    raw = _damaged(chance, chance.choice(texts))
    return try_settings(raw, pooled)


def try_settings(raw: bytes, pooled: bool = False) -> Outcome:
    """What becomes of a study.yaml of these bytes, or of that of POOLED."""
    return outcome_of(partial(_loaded, raw, pooled), (StudyError,), _is_told_line_by_line)


def _damaged(chance: Random, text: str) -> bytes:
    changes: tuple[Callable[[Random, str], bytes], ...] = (
        _with_odd_line,
        _with_odd_value,
        _with_odd_value,
        lambda chance, text: damaged(chance, (text.encode(),), ".csv"),
    )
    return chance.choice(changes)(chance, text)


def _with_odd_line(chance: Random, text: str) -> bytes:
    lines = text.splitlines(keepends=True)
    at = chance.randint(0, len(lines))
    return "".join([*lines[:at], chance.choice(_ODD_LINES), *lines[at:]]).encode()


def _with_odd_value(chance: Random, text: str) -> bytes:
    """The settings with one to three values, or keys, replaced."""
    told = yaml.safe_load(text)
    for _ in range(chance.choice((1, 1, 2, 3))):
        holder, key = chance.choice(list(_places(told)) or [(told, "study")])
        # A copy, for what is put into it would be there the next time.
        value = deepcopy(chance.choice(_ODD_VALUES))
        if isinstance(holder, dict) and chance.random() < 0.2:
            holder[value if isinstance(value, str | int | None) else str(value)] = holder.pop(key, None)
        else:
            holder[key] = value
    return yaml.dump(told, allow_unicode=True).encode()


def _places(value: Any):
    if isinstance(value, list | dict):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from _places(inner)


def _loaded(raw: bytes, pooled: bool, root: Path) -> str:
    for name in ("S1", "S2", "POOLED"):
        (root / name).mkdir()
        (root / name / "study.yaml").write_text(SHORTEST.replace("S1", name) if name != "POOLED" else POOLED)
    (root / ("POOLED" if pooled else "S1") / "study.yaml").write_bytes(raw)
    if pooled:
        load_pooled(root)
    else:
        study_tables([(load_study(root / "S1"), "2026-01-31")])
    return ""


def _is_told_line_by_line(said: str) -> bool:
    lines = said.splitlines()
    return len(lines) < _MOST_LINES and all(
        line.startswith("study.yaml: ") and len(line) < LONGEST_SENTENCE for line in lines
    )
