"""Numbers computed elsewhere, and how near ours must come to them."""

import csv
import json
from math import inf, isclose
from typing import Any

import numpy as np

from tests.shared import SHARED

ORACLES = SHARED / "oracles"


def expected(path: str) -> Any:
    """One JSON file of oracles, with R's words for missing and infinite numbers as None and inf."""
    return _numbers(json.loads((ORACLES / path).read_text()))


def rows(path: str) -> list[dict[str, str]]:
    """The records of one CSV file of oracles, as text."""
    with (ORACLES / path).open(newline="") as file:
        return list(csv.DictReader(file))


def column(records: list[dict[str, str]], name: str, kind: type = float) -> np.ndarray:
    """One column of those records."""
    return np.array([kind(record[name]) for record in records])


def where(records: list[dict[str, str]], **values: str) -> list[dict[str, str]]:
    """The records that have all these values."""
    return [record for record in records if all(record[name] == value for name, value in values.items())]


def near(actual: float | None, wanted: float | None, tolerance: float = 1e-8) -> bool:
    """Whether two numbers agree, relatively above 1 and absolutely below; None agrees with None alone."""
    if actual is None or wanted is None:
        return actual is wanted
    return isclose(actual, wanted, rel_tol=tolerance, abs_tol=tolerance)


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _numbers(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(inner) for inner in value]
    words = {"NA": None, "NaN": None, "Inf": inf, "-Inf": -inf}
    return words.get(value, value) if isinstance(value, str) else value
