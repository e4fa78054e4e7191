"""SAS numbers that are dates or times, told by their format, as ISO 8601 text."""

import re
from pathlib import Path
from typing import Literal

import polars as pl

from pipelines.formats.dataset import FormatError

Kind = Literal["date", "datetime", "time"]

_FORMATS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "datetime",
        re.compile(r"DATETIME|DATEAMPM|MDYAMPM|[EB]8601D[TZN]|IS8601D[TZN]|DT(DATE|MONYY|WKDATX|YEAR|YYQC)|NLDATM.*"),
    ),
    ("time", re.compile(r"TIME|TIMEAMPM|HHMM|HOUR|MMSS|TOD|[EB]8601(TM|TZ|LZ)|IS8601(TM|TZ|LZ)|NLTIM.*")),
    (
        "date",
        re.compile(
            r"DATE|(DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|(MMYY|YYMM)[CDNPS]?|YYQR?[CDNPS]?|YYMON|MONYY|JULIAN|JULDAY"
            r"|[EB]8601DA|IS8601DA|YEAR|MONTH|MONNAME|DAY|DOWNAME|WEEKDAY|QTRR?|(WEEK|WORD)DAT[EX]|NLDATE.*"
        ),
    ),
)
# SAS knows dates from 1582-01-01 on; 9999-12-31 is the last that ISO 8601 writes in four digits of a year.
_DAYS = (-138_061, 2_936_549)
_SECONDS_A_DAY = 86_400
_KINDS: dict[type[pl.DataType], Kind] = {pl.Date: "date", pl.Time: "time"}


def kind_of(format_name: str | None) -> Kind | None:
    """What a numeric variable with this SAS format holds, or None for a plain number.

    Args:
        format_name: Such as ``DATE9.``, ``E8601DA``, ``BEST12.`` or "".

    Source:
        SAS 9.4 Formats and Informats: Reference, formats by category (Date and Time).
    """
    bare = re.sub(r"\d*\.?\d*$", "", (format_name or "").strip().upper())
    return next((kind for kind, pattern in _FORMATS if pattern.fullmatch(bare)), None)


def iso(number: pl.Expr, kind: Kind) -> pl.Expr:
    """ISO 8601 text of SAS dates (days), datetimes or times (seconds) counted from 1960-01-01.

    Args:
        number: Float64. Fractions of a second are kept to the millisecond, for the IBM floats of a
            transport file hold no more of a datetime.
        kind: What the number counts.

    Returns:
        A String expression: ``2024-02-29``, ``2024-02-29T10:30:00`` or ``10:30:00``. A time may pass
        24 hours, as SAS's do.
    """
    if kind == "date":
        return (_EPOCH_DAY + pl.duration(days=number.floor().cast(pl.Int64))).dt.strftime("%Y-%m-%d")
    thousandths = (number * 1000).round().cast(pl.Int64)
    if kind == "datetime":
        return (_EPOCH + pl.duration(milliseconds=thousandths)).dt.strftime("%Y-%m-%dT%H:%M:%S%.f")
    return _clock(thousandths)


_EPOCH_DAY = pl.date(1960, 1, 1)
_EPOCH = pl.datetime(1960, 1, 1, time_unit="ms")


def _clock(thousandths: pl.Expr) -> pl.Expr:
    size = thousandths.abs()
    seconds, rest = size // 1000, size % 1000
    parts = [(seconds // 3600), (seconds // 60) % 60, seconds % 60]
    hours, minutes, whole = (part.cast(pl.String).str.zfill(2) for part in parts)
    fraction = pl.when(rest > 0).then(pl.format(".{}", rest.cast(pl.String).str.zfill(3))).otherwise(pl.lit(""))
    sign = pl.when(thousandths < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.format("{}{}:{}:{}{}", sign, hours, minutes, whole, fraction)


def counted(path: Path, moments: pl.Series) -> pl.Series:
    """The SAS numbers of dates (days), datetimes or times (seconds).

    Args:
        path: For the error.
        moments: Date, Datetime without a time zone, or Time.

    Returns:
        A Float64 column of the same name.

    Raises:
        FormatError: If a date is outside the years 1582 to 9999.
    """
    numbers = _counted(moments)
    _refuse_impossible(path, numbers, _kind(moments), 0)
    return numbers


def is_impossible(moments: pl.Series) -> pl.Series:
    """Whether SAS has no number for a date or datetime, which is then outside the years 1582 to 9999."""
    return _outside(_counted(moments), _kind(moments))


def _counted(moments: pl.Series) -> pl.Series:
    named = pl.col(moments.name)
    since = {
        "date": (named - _EPOCH_DAY).dt.total_days(),
        "datetime": (named - _EPOCH).dt.total_microseconds() / 1e6,
        "time": named.cast(pl.Int64) / 1e9,
    }
    return moments.to_frame().select(since[_kind(moments)].cast(pl.Float64)).to_series()


def _kind(moments: pl.Series) -> Kind:
    return _KINDS.get(moments.dtype.base_type(), "datetime")


def dates(path: Path, numbers: pl.Series, kind: Kind, done: int) -> pl.Series:
    """The ISO 8601 text of a column of SAS dates, datetimes or times.

    Args:
        path: For the error.
        numbers: Float64, null where missing.
        kind: What the numbers count.
        done: Rows of the file before this column's first.

    Raises:
        FormatError: If a number is outside the years 1582 to 9999.
    """
    _refuse_impossible(path, numbers, kind, done)
    return numbers.to_frame().select(iso(pl.col(numbers.name), kind).alias(numbers.name)).to_series()


def _refuse_impossible(path: Path, numbers: pl.Series, kind: Kind, done: int) -> None:
    outside = _outside(numbers, kind).arg_true()
    if not outside.is_empty():
        limits = f"what a SAS {kind} can be (the years 1582 to 9999)"
        problem = f"{numbers[outside[0]]:g} is outside {limits}; correct it or its format."
        raise FormatError(path, f"row {done + outside[0] + 1}, column {numbers.name}", problem)


def _outside(numbers: pl.Series, kind: Kind) -> pl.Series:
    unit = 1 if kind == "date" else _SECONDS_A_DAY
    return (numbers < _DAYS[0] * unit) | (numbers >= (_DAYS[1] + 1) * unit)
