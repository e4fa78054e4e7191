"""The one door to DuckDB: a study's file, its tables, and the building of a model."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipelines.described import Described
from pipelines.models import LAYERS, SIDE_SCHEMAS, Column, Model

# Extensions are built in or not to be had; looking for one on a network would cost seconds and is never wanted.
CONFIG = {"autoinstall_known_extensions": "false", "preserve_insertion_order": "false"}


class Warehouse:
    """The folder that holds one DuckDB file per study."""

    def __init__(self, home: Path, memory_limit: str | None = None, spill: Path | None = None):
        """Name the folder.

        Args:
            home: The folder that holds ``warehouse/``.
            memory_limit: DuckDB's memory limit, such as ``1GB``; its own default when none is given.
            spill: Where DuckDB puts what does not fit into memory; beside its files when none is given.
        """
        self.home = home
        self.spill = spill or home / "warehouse" / ".spill"
        self.memory_limit = memory_limit
        self._kept: dict[str, duckdb.DuckDBPyConnection] = {}
        self._ends: dict[str, ExitStack] = {}

    def path(self, study: str) -> Path:
        """Where the study's DuckDB file lies."""
        return self.home / "warehouse" / f"{study}.duckdb"

    @contextmanager
    def open(self, study: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the study's file, which holds every schema; the one that is kept open, if one is."""
        if study in self._ends:
            if study not in self._kept:
                self._kept[study] = self._ends[study].enter_context(self._connect(study))
            yield self._kept[study]
        else:
            with self._connect(study) as db:
                yield db

    @contextmanager
    def keep_open(self, study: str) -> Iterator[None]:
        """What is opened first stays open for everything inside: opening for each of a run's steps takes seconds."""
        with ExitStack() as ends:
            self._ends[study] = ends
            try:
                yield
            finally:
                del self._ends[study]
                self._kept.pop(study, None)

    @contextmanager
    def _connect(self, study: str) -> Iterator[duckdb.DuckDBPyConnection]:
        path = self.path(study)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        limit = {"memory_limit": self.memory_limit} if self.memory_limit else {}
        spill = {"temp_directory": str(self.spill)}
        with duckdb.connect(path, config={**CONFIG, **limit, **spill}) as db:
            create_schemas(db)
            yield db

    def set_aside(self, study: str) -> Path:
        """Where the study's file now lies, so that the next one is made anew; what was put aside before goes."""
        path = self.path(study)
        path.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        return path.replace(path.with_suffix(".damaged"))


def create_schemas(db: duckdb.DuckDBPyConnection) -> None:
    """Create the schema of every layer and side schema."""
    for schema in (*LAYERS, *SIDE_SCHEMAS):
        db.execute(f"create schema if not exists {schema}")


@contextmanager
def as_one(db: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Everything inside is done or nothing is, and the disk is waited for once."""
    db.execute("begin")
    try:
        yield
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")


def build(db: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Make the model's table, with its comments, and return how many rows it has."""
    with as_one(db):
        db.execute(f"create or replace table {model.name} as {model.sql}")
        describe(db, model.name, model.about, model.columns)
    return count(db, model.name)


def load_reference(db: duckdb.DuckDBPyConnection, reference: Described) -> None:
    """Make a reference table from its CSV, with its comments."""
    with as_one(db):
        db.execute(f"create or replace table {reference.name} ({reference.ddl})")
        db.execute(
            f"insert into {reference.name} select * from read_csv(?, comment = '#', header = true, "
            "all_varchar = true, nullstr = '', delim = ',', quote = '\"')",
            [str(reference.path)],
        )
        describe(db, reference.name, reference.description, reference.columns)


def write_described(
    db: duckdb.DuckDBPyConnection, tables: Iterable[Described], frames: Mapping[str, pl.DataFrame]
) -> None:
    """Make each table that Python writes, filled from the frame of its name or left empty.

    Args:
        db: The study's connection.
        tables: What the tables are.
        frames: Rows by table name, ``schema.table``; columns by name, missing ones are empty.
    """
    with as_one(db):
        for table in tables:
            db.execute(f"create or replace table {table.name} ({table.ddl})")
            frame = frames.get(table.name)
            if frame is not None and frame.height:
                insert(db, table.name, frame)
            describe(db, table.name, table.description, table.columns)


def insert(db: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Add the frame's rows to the table, column by name."""
    db.register("arriving", frame.to_arrow())
    try:
        db.execute(f"insert into {table} by name select * from arriving")
    finally:
        db.unregister("arriving")


def describe(db: duckdb.DuckDBPyConnection, table: str, description: str, columns: Iterable[Column]) -> None:
    """Put the description and the meaning of each column into DuckDB as comments."""
    kind = "view" if _is_view(db, table) else "table"
    told = [f"comment on {kind} {table} is {quoted(description)}"]
    told += [f'comment on column {table}."{column.name}" is {quoted(column.comment)}' for column in columns]
    db.execute("; ".join(told))


def count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows the table has."""
    [(found,)] = rows(db, f"select count(*) from {table}")
    return found


def rows(db: duckdb.DuckDBPyConnection, query: str, *parameters: object) -> list[tuple]:
    """The query's rows."""
    return db.execute(query, list(parameters)).fetchall()


def frame(db: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """The query's rows as a frame."""
    return db.sql(query).pl()


def quoted(text: str) -> str:
    """The text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """The name of a table or column as SQL has it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _is_view(db: duckdb.DuckDBPyConnection, table: str) -> bool:
    schema, name = table.split(".")
    query = "select 1 from duckdb_views() where schema_name = ? and view_name = ? and not internal"
    return bool(rows(db, query, schema, name))
