"""SDTM tables in Arrow: their variables and labels, and dates and numbers as SDTM writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.simulate.draws import Ints
from pipelines.simulate.parameter_rows import PARAMETERS, rows
from pipelines.simulate.people import MINUTES_A_DAY, NEVER

_ARROW = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A variable of a domain: its name, type (text, integer or number) and label."""

    domain: str
    variable: str
    type: str
    label: str


@cache
def variables(domain: str) -> tuple[Variable, ...]:
    """The variables of a domain, in order."""
    return tuple(row for row in rows(Variable, "variables") if row.domain == domain)


@cache
def domains() -> Mapping[str, str]:
    """Every domain that is written, and its label."""
    return dict(pl.read_csv(PARAMETERS / "domains.csv").iter_rows())


def table(domain: str, columns: Mapping[str, pa.Array | np.ndarray]) -> pa.Table:
    """The columns as the variables of ``domain``, in its order and types.

    Args:
        domain: A domain of ``parameters/domains.csv``.
        columns: One column a variable; others are left out. Repeated texts may stay dictionary-coded.
    """
    arrays = {row.variable: _typed(columns[row.variable], _ARROW[row.type]) for row in variables(domain)}
    return pa.table(arrays)


def coded(codes: np.ndarray, words: Sequence[str]) -> pa.DictionaryArray:
    """Texts as positions in ``words``, which Parquet writes without spelling them out; -1 is null."""
    # A word that is there twice would make the writer drop the dictionary, and its bytes differ from run to run.
    unique = {word: place for place, word in enumerate(dict.fromkeys(words))}
    place = np.array([*(unique[word] for word in words), -1], np.int32)[codes]
    indices = pa.array(place, mask=place < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(unique), pa.string()))


def repeated(word: str, count: int) -> pa.DictionaryArray:
    """The same text ``count`` times."""
    return coded(np.zeros(count, np.int32), [word])


def iso(minutes: Ints) -> pa.Array:
    """Minutes since 1970 as ``YYYY-MM-DDTHH:MM``; NEVER is null.

    Looked up by day and by minute of the day: formatting each time would be most of a run's work.
    """
    known = minutes < NEVER // 2
    day, minute = np.divmod(np.where(known, minutes, 0), MINUTES_A_DAY)
    # Every text has 16 bytes, so that the looked-up bytes are already Arrow's buffer.
    text = np.empty(len(minutes), [("day", "S10"), ("minute", "S6")])
    first = int(day.min(initial=0))
    text["day"] = _days(first, int(day.max(initial=0)) + 1)[day - first]
    text["minute"] = _minutes()[minute]
    return _fixed_width(text.view("S16"), known)


def days_between(anchor: Ints, minutes: Ints) -> Ints:
    """Study day of ``minutes``, both since 1970: the day of the anchor is 1, and there is no day 0."""
    elapsed = minutes // MINUTES_A_DAY - anchor // MINUTES_A_DAY
    return elapsed + (elapsed >= 0)


def sequence(subject: Ints) -> Ints:
    """1, 2, ... within each subject; rows of a subject stand together."""
    return np.arange(len(subject)) - np.searchsorted(subject, subject) + 1


def _typed(column: pa.Array | np.ndarray, kind: pa.DataType) -> pa.Array:
    array = pa.array(column) if isinstance(column, np.ndarray) else column
    return array if pa.types.is_dictionary(array.type) else array.cast(kind)


@lru_cache(maxsize=8)
def _days(first: int, last: int) -> np.ndarray:
    return np.datetime_as_string(np.arange(first, last).astype("datetime64[D]")).astype("S10")


@cache
def _minutes() -> np.ndarray:
    return np.array([f"T{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60)], "S6")


def _fixed_width(text: np.ndarray, known: np.ndarray) -> pa.Array:
    offsets = np.arange(len(text) + 1, dtype=np.int32) * text.itemsize
    valid = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(
        pa.string(), len(text), [valid, pa.py_buffer(offsets), pa.py_buffer(text)], null_count=-1
    )
