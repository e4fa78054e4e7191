"""The parameters of the simulator: rows with a source, under ``parameters/``."""

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TypeVar

import polars as pl

PARAMETERS = Path(__file__).parent / "parameters"

Row = TypeVar("Row")


@cache
def rows(kind: type[Row], table: str, preset: str | None = None) -> tuple[Row, ...]:
    """The rows of ``parameters/<table>.csv``, as ``kind``.

    Args:
        kind: Dataclass whose fields are columns of the table.
        table: Name of the table.
        preset: Keep the rows of this preset and those of all presets; by default every row.
    """
    frame = pl.read_csv(PARAMETERS / f"{table}.csv", infer_schema_length=None)
    if preset is not None:
        frame = frame.filter(pl.col("preset").is_null() | (pl.col("preset") == preset))
    return tuple(kind(**row) for row in frame.select(field.name for field in fields(kind)).to_dicts())  # type: ignore[arg-type]
