"""How long and of what type a variable is, as Define-XML tells it."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from pipelines.formats.iso import plain, whole
from pipelines.formats.sas import counted


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Type and size of a variable.

    Args:
        type: ``text``, ``integer`` or ``float``.
        length: Bytes of the longest text, or digits of the longest number with its decimal point.
        decimals: Digits behind the decimal point of a float, else None.
    """

    type: str
    length: int
    decimals: int | None = None


def measured(path: Path, column: pl.Series) -> Measure:
    """The measure of a column as it is written.

    Args:
        path: For errors.
        column: Of any type; dates and datetimes are SAS numbers, flags are Y and N.
    """
    written = counted(path, column) if column.dtype.is_temporal() else plain(path, column)
    if written.dtype == pl.String:
        return Measure(type="text", length=most_bytes(written) or 1)
    numbers = [Decimal(repr(number)) for number in written.drop_nulls().unique()]
    before = max((len(str(abs(int(number)))) for number in numbers), default=1)
    if whole(written):
        return Measure(type="integer", length=before)
    # Of finite numbers the exponent is a number.
    decimals = max(0, *(-int(number.normalize().as_tuple().exponent) for number in numbers))
    return Measure(type="float", length=before + 1 + decimals, decimals=decimals)


def most_bytes(texts: pl.Series) -> int:
    """Bytes of the longest text, 0 where there is none."""
    return max(texts.str.len_bytes().drop_nulls().to_list(), default=0)
