"""Columns of any type as text or numbers, the only two types of a dataset."""

from pathlib import Path

import polars as pl

from pipelines.formats.dataset import FormatError

# A double holds every integer up to here: a longer one is an identifier and must not lose its last digits.
EXACT = 2**53 - 1


def plain(path: Path, column: pl.Series, done: int = 0) -> pl.Series:
    """The column as text or numbers: dates and times as ISO 8601 text, true and false as Y and N.

    Args:
        path: For errors.
        column: Of any type.
        done: Rows of the file before this column's first.

    Returns:
        A String or Float64 column of the same name.

    Raises:
        FormatError: If the column is nested, binary or a duration, an integer has no exact double, or a date is not of
            the years 1 to 9999.
    """
    kind = column.dtype
    if kind in (pl.String, pl.Null, pl.Categorical, pl.Enum):
        return column.cast(pl.String)
    if kind.is_numeric():
        return _numbers(path, column, done)
    named = pl.col(column.name)
    if kind == pl.Boolean:
        text = pl.when(named).then(pl.lit("Y")).when(~named).then(pl.lit("N"))
    elif kind in (pl.Date, pl.Datetime, pl.Time):
        _refuse_far(path, column, done)
        text = named.dt.strftime(_pattern(kind))
    else:
        problem = f"{kind} is neither text, number, date, time nor flag; deliver it as one of these."
        raise FormatError(path, f"column {column.name}", problem)
    return column.to_frame().select(text.alias(column.name)).to_series()


def _numbers(path: Path, column: pl.Series, done: int) -> pl.Series:
    numbers = column.cast(pl.Float64)
    if column.dtype.is_integer():
        long = (numbers.abs() > EXACT).arg_true()
        if not long.is_empty():
            problem = "the integer is too long for a number and would lose digits; deliver the column as text."
            raise FormatError(path, f"row {done + long[0] + 1}, column {column.name}", problem)
    return numbers


def _refuse_far(path: Path, column: pl.Series, done: int) -> None:
    # ISO 8601 has four digits for a year, and polars panics on dates far beyond them.
    if column.dtype == pl.Time:
        return
    moment = pl.col(column.name).cast(pl.Datetime("ms"))
    first, last = pl.datetime(1, 1, 1), pl.datetime(9999, 12, 31, 23, 59, 59)
    far = column.to_frame().select(~moment.is_between(first, last)).to_series().arg_true()
    if not far.is_empty():
        problem = "the date is not of the years 1 to 9999; correct the value or its format."
        raise FormatError(path, f"row {done + far[0] + 1}, column {column.name}", problem)


def _pattern(kind: pl.DataType) -> str:
    if isinstance(kind, pl.Datetime):
        return "%Y-%m-%dT%H:%M:%S%.f" + ("%:z" if kind.time_zone else "")
    return "%Y-%m-%d" if kind == pl.Date else "%H:%M:%S%.f"


def whole(column: pl.Series) -> bool:
    """Whether every number of the column is an integer that a double holds exactly."""
    return bool(((column.round() == column) & (column.abs() <= EXACT)).all())
