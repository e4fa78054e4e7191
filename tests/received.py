"""Records as ingest leaves them, and the models built on them."""

import duckdb
import polars as pl
from polars import selectors as cs

from pipelines.dates import bounds
from pipelines.warehouse import build
from tests.harness import MODELS
from tests.lines import CONTRACT

TYPES = {"text": pl.String, "number": pl.Float64, "datetime": pl.String}
BOUNDS = {"first": pl.Int64, "last": pl.Int64, "precision": pl.String}


def received(domain: str, given: pl.DataFrame) -> pl.DataFrame:
    """The records with every variable that models read, the bounds of each date, and the file and row of each.

    Args:
        domain: SDTM domain, such as ``AE``.
        given: The records; a column that models do not read is left out, one that is lacking is empty.
    """
    # A column of times alone is drawn as times; SDTM has text.
    given = given.rename(str.lower).with_columns(cs.datetime().dt.strftime("%Y-%m-%dT%H:%M:%S"))
    contract = {name.lower(): kind for in_domain, name, kind in CONTRACT if in_domain == domain}
    columns = [_column(given, name, kind) for name, kind in contract.items()]
    dates = [column for column in columns if contract[column.name] == "datetime"]
    return pl.DataFrame([*columns, *(part for date in dates for part in _bounds(date))]).with_columns(
        _file=pl.lit(f"{domain.lower()}.xpt"), _row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    )


def build_up_to(db: duckdb.DuckDBPyConnection, name: str) -> None:
    """Build the model and every model it reads, directly or not."""
    needed = {name}
    for model in reversed(MODELS.values()):
        if model.name in needed:
            needed |= set(model.depends_on)
    for model in MODELS.values():
        if model.name in needed:
            build(db, model)


def _column(given: pl.DataFrame, name: str, kind: str) -> pl.Series:
    empty = pl.Series([None] * given.height)
    return given.to_dict().get(name, empty).cast(TYPES[kind]).alias(name)


def _bounds(date: pl.Series) -> list[pl.Series]:
    return [part.cast(BOUNDS[part.name]).alias(f"_{date.name}_{part.name}") for part in bounds(date)]
