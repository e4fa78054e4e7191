"""One of the two databases compared, and where its tables lie."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.warehouse import quoted, rows


@dataclass(frozen=True, kw_only=True)
class Side:
    """A database, by the name it is attached under, and the schemas of its tables.

    Args:
        database: Name of the attached database.
        analysis: Schema of the tables of the layer analysis.
        study: Schema of ``settings``.
    """

    database: str
    analysis: str
    study: str

    def table(self, name: str) -> str:
        """The table with its database and schema; ``settings`` may lie in a schema of its own."""
        return f'"{self.database}"."{self.study if name == "settings" else self.analysis}"."{name}"'

    def columns(self, db: duckdb.DuckDBPyConnection, name: str) -> frozenset[str]:
        """The columns of a table; none when there is no such table."""
        schema = self.study if name == "settings" else self.analysis
        query = """
            select column_name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ?
        """
        return frozenset(column for (column,) in rows(db, query, self.database, schema, name))


def of_release(database: str) -> Side:
    """A release that is attached under this name: all its tables lie in one schema."""
    return Side(database=database, analysis="main", study="main")


def of_warehouse(db: duckdb.DuckDBPyConnection) -> Side:
    """The warehouse that is open."""
    [(database,)] = rows(db, "select current_database()")
    return Side(database=database, analysis="analysis", study="study")


@contextmanager
def attached(db: duckdb.DuckDBPyConnection, release: Path, name: str) -> Iterator[Side]:
    """A release, attached to be read while it is needed.

    Args:
        db: The connection.
        release: The release's folder.
        name: The name to attach its database under.
    """
    db.execute(f"attach {quoted(str(release / 'crs.duckdb'))} as {name} (read_only)")
    try:
        yield of_release(name)
    finally:
        db.execute(f"detach {name}")
