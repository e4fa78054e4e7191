"""A release's database, opened to be read and nothing else; and what DuckDB's own parser calls one SELECT."""

from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import WrongUsage

# Nothing outside the release can be read or written, nothing spills beside it, and no setting can be changed back.
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "lock_configuration": "true",
}


def open_release(path: Path, memory_limit: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to a release's database that can only read it.

    Args:
        path: The release's ``crs.duckdb``.
        memory_limit: DuckDB's memory limit, such as ``1GB``; its own default when none is given.
    """
    limit = {"memory_limit": memory_limit} if memory_limit else {}
    return duckdb.connect(path, read_only=True, config={**limit, **LOCKED})


def select(db: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """The whole answer to one SELECT.

    Raises:
        WrongUsage: If the text is not one SELECT, or asks for what is not there.
    """
    refuse_all_but_one_select(db, query)
    try:
        return db.sql(query).pl()
    except duckdb.Error as error:
        raise WrongUsage(str(error)) from error


def refuse_all_but_one_select(db: duckdb.DuckDBPyConnection, query: str) -> None:
    """Nothing, when DuckDB's own parser reads the text as one SELECT.

    Raises:
        WrongUsage: If it reads anything else.
    """
    try:
        statements = db.extract_statements(query)
    except duckdb.Error as error:
        raise WrongUsage(str(error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise WrongUsage("write one SELECT; a release is only read.")
