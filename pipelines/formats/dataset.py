"""What every format gives: a dataset that says what it is, and its rows a chunk at a time."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.formats.coded import TEXT, constant, distinct, frame_of_batch, recoded
from pipelines.sentences import shown

CHUNK_ROWS = 250_000
FILE, ROW = "_file", "_row"


class FormatError(Exception):
    """A file is refused: its name, the place in it, what is wrong there and what to do."""

    def __init__(self, path: Path, place: str, problem: str) -> None:
        """Keep the three parts, so that the error survives being passed between processes."""
        super().__init__(path, place, problem)
        self.path, self.place, self.problem = path, shown(place), shown(problem)

    def __str__(self) -> str:
        """One sentence: ``<file>: <place>: <problem>``."""
        return f"{self.path.name}: {self.place}: {self.problem}"


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One column: its name as received, and what the file says of it.

    Args:
        name: As spelt in the file.
        type: ``text`` (null is blank) or ``number`` (null is missing).
        label: As in the file, or "".
        length: Bytes (SAS) or characters (Dataset-JSON) that the file reserves; None if it does not say.
    """

    name: str
    type: Literal["text", "number"]
    label: str = ""
    length: int | None = None


@dataclass(kw_only=True)
class Notes:
    """What a reader of the data should know: gathered while a file is read."""

    said: list[str] = field(default_factory=list)
    special: dict[str, Counter[str]] = field(default_factory=dict)
    windows: Counter[str] = field(default_factory=Counter)

    def lines(self) -> tuple[str, ...]:
        """Every note as a sentence, in the order of the columns."""
        return (
            *self.said,
            *(f"{name}: {_many(n, 'value')} not in UTF-8 read as Windows-1252" for name, n in self.windows.items()),
            *(_special(name, counts) for name, counts in self.special.items()),
        )

    def clear(self) -> None:
        """Forget them all, as before the first row."""
        for gathered in (self.said, self.special, self.windows):
            gathered.clear()

    def add(self, others: "Notes") -> None:
        """Add what was gathered elsewhere."""
        self.said.extend(others.said)
        self.windows.update(others.windows)
        for name, codes in others.special.items():
            self.special.setdefault(name, Counter()).update(codes)

    def count_special(self, name: str, codes: list[str]) -> None:
        """Add the special missing values of one column (``.A`` to ``.Z`` and ``._``)."""
        if codes:
            self.special.setdefault(name, Counter()).update(codes)

    def count_windows(self, name: str, values: int) -> None:
        """Add the values of one column that are not UTF-8."""
        if values:
            self.windows[name] += values


def _special(name: str, counts: Counter[str]) -> str:
    each = ", ".join(f"{code} {n}" for code, n in sorted(counts.items()))
    return f"{name}: {_many(counts.total(), 'special missing value')} ({each}) read as missing"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """What a file says of itself, and its rows on demand.

    Args:
        path: The file.
        name: Domain, upper case, from the file's name: ``dm.xpt`` is DM, ``suppae.csv.gz`` is SUPPAE.
        label: As in the file, or "".
        format: For people, such as "SAS transport v5".
        variables: The columns in the file's order.
        read: Gives the rows, text in codes; called by :meth:`batches` with the rows a batch and where to leave notes.
        opened: What was noticed before the rows were read.
    """

    path: Path
    name: str
    label: str
    format: str
    variables: tuple[Variable, ...]
    read: Callable[[int, Notes], Iterator[pa.RecordBatch]] = field(repr=False, compare=False)
    opened: tuple[str, ...] = ()
    _notes: Notes = field(default_factory=Notes, init=False, repr=False, compare=False)

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[pl.DataFrame]:
        """The rows in the file's order, in frames that all have the same columns.

        Args:
            rows: Rows held at a time, 1 or more.

        Returns:
            One frame or more (a dataset without rows is one empty frame) of at most ``rows`` rows: the
            variables as String (null is blank) or Float64 (null is missing), then ``_file`` (the file's
            name) and ``_row`` (Int64, 1 is the first row of the file). Trailing blanks are gone, leading
            ones kept.

        Raises:
            FormatError: If the rows are cut short or break the format.
        """
        return (frame_of_batch(batch) for batch in self.batches(rows))

    def batches(self, rows: int = CHUNK_ROWS) -> Iterator[pa.RecordBatch]:
        """The same as Arrow has it: text in codes, each distinct value of a batch once."""
        self._notes.clear()
        done = 0
        for batch in self.read(rows, self._notes):
            if batch.num_rows:
                yield self._finished(batch, done)
                done += batch.num_rows
        if not done:
            yield pa.RecordBatch.from_pylist([], schema=self.schema)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noticed so far; complete once the last chunk is out."""
        return (*self.opened, *self._notes.lines())

    @property
    def schema(self) -> pa.Schema:
        """The columns of every batch, as Arrow has them."""
        kinds = {"text": TEXT, "number": pa.float64()}
        return pa.schema([*((v.name, kinds[v.type]) for v in self.variables), (FILE, TEXT), (ROW, pa.int64())])

    def _finished(self, batch: pa.RecordBatch, done: int) -> pa.RecordBatch:
        finish = {"text": _text, "number": _number}
        columns = [finish[v.type](batch.column(i)) for i, v in enumerate(self.variables)]
        place = pa.array(np.arange(done + 1, done + batch.num_rows + 1))
        return pa.RecordBatch.from_arrays(
            [*columns, constant(self.path.name, batch.num_rows), place], schema=self.schema
        )


def _text(column: pa.DictionaryArray) -> pa.DictionaryArray:
    # SAS pads text with blanks, some other writers with NULs: neither is ever part of a value.
    trimmed = distinct(column).cast(pl.String).str.strip_chars_end(" \0")
    return recoded(column, trimmed.replace("", None))


def _number(column: pa.Array) -> pa.Array:
    return pl.Series(column).cast(pl.Float64).fill_nan(None).to_arrow()
