"""The stamp of a run: the one place that says which run it was and when, for everything a release holds."""

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import polars as pl

from pipelines.warehouse import insert, rows


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """Which run it was, and when its data arrived, UTC, to the second."""

    run_id: str
    at: datetime


def stamp_of(run_id: str) -> Stamp:
    """The stamp of a run whose data arrive now."""
    return Stamp(run_id=run_id, at=datetime.now(UTC).replace(microsecond=0))


def write_stamp(db: duckdb.DuckDBPyConnection, stamp: Stamp) -> None:
    """Put the stamp into the study's warehouse, in place of the one before."""
    db.execute("delete from quality.run")
    insert(db, "quality.run", pl.DataFrame({"run_id": [stamp.run_id], "run_at": [stamp.at.replace(tzinfo=None)]}))


def read_stamp(db: duckdb.DuckDBPyConnection) -> Stamp:
    """The stamp of the run that filled the warehouse."""
    [(run_id, at)] = rows(db, "select run_id, run_at from quality.run")
    return Stamp(run_id=run_id, at=at.replace(tzinfo=UTC))
