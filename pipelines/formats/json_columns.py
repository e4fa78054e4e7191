"""What Dataset-JSON says of its columns, and cells as text and numbers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.formats import sas
from pipelines.formats.dataset import FormatError, Variable
from pipelines.formats.iso import EXACT

_NUMBERS = frozenset({"integer", "decimal", "float", "double"})
_TEXTS = frozenset({"string", "datetime", "date", "time", "URI"})
_TYPES = _NUMBERS | _TEXTS | {"boolean"}
# In a decimal sent as text the specification allows commas between thousands.
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_MISSING = frozenset({"", "NA"})


@dataclass(frozen=True, kw_only=True)
class Column:
    """One entry of ``columns``; ``kind`` is set for numbers that are SAS dates or times."""

    name: str
    label: str
    type: str
    length: int | None
    kind: sas.Kind | None

    @property
    def variable(self) -> Variable:
        """The column as every format describes it."""
        number = self.type in _NUMBERS and self.kind is None
        return Variable(name=self.name, type="number" if number else "text", label=self.label, length=self.length)


def read_columns(path: Path, entries: Any) -> tuple[Column, ...]:
    """The columns that the metadata describe.

    Args:
        path: For errors.
        entries: The value of ``columns``.

    Raises:
        FormatError: If an entry lacks its name or has no known ``dataType``.
    """
    if not isinstance(entries, list) or not entries:
        raise FormatError(path, "columns", "lists no column; Dataset-JSON 1.1 needs one entry a variable.")
    return tuple(_column(path, f"columns[{i}]", entry) for i, entry in enumerate(entries))


def _column(path: Path, place: str, entry: Any) -> Column:
    if not isinstance(entry, dict) or not is_text(entry.get("name")):
        raise FormatError(path, place, "has no name; Dataset-JSON 1.1 needs one.")
    found = entry.get("dataType")
    if not isinstance(found, str) or found not in _TYPES:
        wrong = "dataType is missing" if found is None else f"dataType {found!r} is unknown"
        raise FormatError(path, f"{place} ({entry['name']})", f"{wrong}; give one of {', '.join(sorted(_TYPES))}.")
    return Column(
        name=entry["name"],
        label=_said(entry, "label") or "",
        type=found,
        length=_length(entry.get("length")),
        kind=sas.kind_of(_said(entry, "displayFormat")) if found in _NUMBERS else None,
    )


def _said(entry: dict[str, Any], key: str) -> str | None:
    return entry[key] if is_text(entry.get(key)) else None


def _length(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def frame_of(path: Path, columns: Sequence[Column], rows: list[Any], done: int) -> pl.DataFrame:
    """The frame of these rows.

    Args:
        path: For errors.
        columns: What the cells of a row are, in order.
        rows: Lists of cells as JSON has them.
        done: Rows of the file before the first of these.

    Raises:
        FormatError: If a row has another number of cells or a cell is not of its column's type.
    """
    for number, row in enumerate(rows, done + 1):
        if type(row) is not list or len(row) != len(columns):
            found = f"{len(row)} values" if type(row) is list else "no list of values"
            problem = f"{found} for {len(columns)} columns; ask for the file again."
            raise FormatError(path, f"row {number}", problem)
    return pl.DataFrame(
        [_series(path, column, cells, done) for column, cells in zip(columns, zip(*rows, strict=True), strict=True)]
    )


def _series(path: Path, column: Column, cells: tuple[Any, ...], done: int) -> pl.Series:
    if column.type in _NUMBERS:
        numbers = _numbers(path, column, cells, done)
        return numbers if column.kind is None else sas.dates(path, numbers, column.kind, done)
    convert = _flag if column.type == "boolean" else _text
    if convert is _text and {type(cell) for cell in cells} <= {str, type(None)}:
        return _texts(path, column, cells, done)
    return _texts(path, column, _each(path, column, cells, done, convert), done)


def _texts(path: Path, column: Column, cells: Sequence[str | None], done: int) -> pl.Series:
    try:
        return pl.Series(column.name, cells, dtype=pl.String)
    except UnicodeEncodeError as error:
        row = next(number for number, cell in enumerate(cells, done + 1) if cell and not is_text(cell))
        problem = "the text holds half a character (a lone surrogate); correct the value."
        raise FormatError(path, f"row {row}, column {column.name}", problem) from error


def _numbers(path: Path, column: Column, cells: tuple[Any, ...], done: int) -> pl.Series:
    if not {type(cell) for cell in cells} <= {float, int, type(None)} or _long(cells):
        cells = tuple(_each(path, column, cells, done, _number))
    numbers = pl.Series(column.name, cells, dtype=pl.Float64)
    beyond = numbers.is_infinite().arg_true()
    if not beyond.is_empty():
        problem = "the number is larger than any number can be; correct the value."
        raise FormatError(path, f"row {done + beyond[0] + 1}, column {column.name}", problem)
    return numbers


def _long(cells: tuple[Any, ...]) -> bool:
    return any(type(cell) is int and abs(cell) > EXACT for cell in cells)


def _each(path: Path, column: Column, cells: tuple[Any, ...], done: int, convert: Callable[[Any], Any]) -> list[Any]:
    made = []
    for number, cell in enumerate(cells, done + 1):
        try:
            made.append(None if cell is None else convert(cell))
        except (ValueError, TypeError) as error:
            # Only numbers may be quoted: a cell that should be text could name a subject.
            found = repr(cell) if column.type in _NUMBERS else f"a {type(cell).__name__}"
            problem = f"{found} is not of type {column.type}; correct the value or the dataType."
            raise FormatError(path, f"row {number}, column {column.name}", problem) from error
    return made


def is_text(value: Any) -> bool:
    """Whether the value is text that can be written: JSON can also name halves of characters."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(cell: Any) -> str:
    if not isinstance(cell, str):
        raise TypeError(cell)
    return cell


def _flag(cell: Any) -> str:
    # SDTM has no booleans: its flags are Y and N.
    return {True: "Y", False: "N"}[cell] if isinstance(cell, bool) else _text(cell)


def _number(cell: Any) -> float | None:
    if isinstance(cell, bool) or (isinstance(cell, int) and abs(cell) > EXACT):
        raise TypeError(cell)
    if not isinstance(cell, str):
        return float(cell)
    bare = cell.strip()
    if bare in _MISSING:
        return None
    return _finite(bare.replace(",", "") if _THOUSANDS.fullmatch(bare) else bare)


def _finite(text: str) -> float:
    # float() also reads "nan", "inf" and "1_0", which are no numbers of a trial.
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        raise ValueError(text)
    return float(text)
