"""Apache Spark makes a model's table from Parquet files, and DuckDB has it for all that comes after."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipelines.engines.dialect import select_of, spark_sql, tables_of, view_name
from pipelines.engines.errors import EngineError
from pipelines.engines.watching import watched
from pipelines.models import Model
from pipelines.warehouse import as_one, count, describe, quoted, quoted_name, rows

# Parquet has no integers of 128 bits, and DuckDB would write them as floats.
_LENT = {"HUGEINT": "BIGINT"}


class Spark:
    """The engine: a session, and the folder that it and DuckDB see."""

    name = "spark"

    def __init__(self, session: Any, folder: Path):
        """Keep both.

        Args:
            session: A Spark session.
            folder: Where tables lie between the two, as Parquet.
        """
        self._session, self._folder = session, folder
        self._made: set[str] = set()

    def build(self, db: duckdb.DuckDBPyConnection, model: Model) -> int:
        """Make the model's table, with its comments, and return how many rows it has.

        Raises:
            EngineError: If Spark does not make it.
        """
        with watched(self._session):
            for table in model.depends_on:
                if table not in self._made:
                    self._let_see(db, table)
            with _told(model.name):
                made = self._session.sql(spark_sql(model.sql))
                made.write.mode("overwrite").parquet(str(self._folder / model.name))
                self._see(model.name, made.schema)
        self._made.add(model.name)
        self._bring(db, model)
        return count(db, model.name)

    def _let_see(self, db: duckdb.DuckDBPyConnection, table: str) -> None:
        """Let Spark see what DuckDB has: a copy of a table, and of a view what it reads, as raw ones do Parquet."""
        view = rows(db, "select sql from duckdb_views() where schema_name || '.' || view_name = ?", table)
        if not view:
            self._lend(db, table)
            return
        select = select_of(view[0][0])
        for source in tables_of(select):
            self._lend(db, source)
        with _told(table):
            self._session.sql(spark_sql(select)).createOrReplaceTempView(view_name(table))

    def _lend(self, db: duckdb.DuckDBPyConnection, table: str) -> None:
        folder = self._folder / table
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.iterdir():
            stale.unlink()
        file = quoted(str(folder / "part-0.parquet"))
        db.execute(f"copy (select {_columns(db, f'from {table}', _LENT)} from {table}) to {file} (format parquet)")
        with _told(table):
            self._see(table)

    def _see(self, table: str, schema: Any = None) -> None:
        reader = self._session.read if schema is None else self._session.read.schema(schema)
        reader.parquet(str(self._folder / table)).createOrReplaceTempView(view_name(table))

    def _bring(self, db: duckdb.DuckDBPyConnection, model: Model) -> None:
        """Make DuckDB's table of what Spark wrote, with the types that DuckDB's own would have."""
        columns = _columns(db, model.sql, {})
        files = quoted(f"{self._folder / model.name}/*.parquet")
        with as_one(db):
            db.execute(f"create or replace table {model.name} as select {columns} from read_parquet({files})")
            describe(db, model.name, model.about, model.columns)


def _columns(db: duckdb.DuckDBPyConnection, query: str, instead: Mapping[str, str]) -> str:
    """The query's columns, each cast to its type in DuckDB or to what stands instead of that."""
    kinds = rows(db, f"select column_name, column_type from (describe {query})")
    named = ((quoted_name(name), instead.get(kind, kind)) for name, kind in kinds)
    return ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in named)


@contextmanager
def _told(table: str) -> Iterator[None]:
    """What goes wrong in Spark, in a sentence."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as error:
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise EngineError(f"Spark could not make {table} ({said}); run it again. The last release stands.") from None
