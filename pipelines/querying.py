"""One read-only SELECT on a release."""

from pathlib import Path
from typing import BinaryIO

import duckdb
import polars as pl

from pipelines.errors import WrongUsage
from pipelines.release import current
from pipelines.site import Site

# Nothing outside the release can be read or written, and no setting can be changed back.
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}
FORMATS = ("table", "csv", "json", "parquet")


def ask(site: Site, study: str | None, query: str, format: str, out: BinaryIO) -> None:
    """Write the answer to one SELECT.

    Args:
        site: Where the releases are.
        study: The study; may be left out when only one has a release.
        query: One SELECT on the release's tables.
        format: table, csv, json or parquet.
        out: Where the answer goes.

    Raises:
        WrongUsage: If there is no such release, the format is unknown, or the text is not one SELECT.
    """
    if format not in FORMATS:
        raise WrongUsage(f"--format is {format}; it is one of {', '.join(FORMATS)}.")
    with open_release(database(site, study)) as db:
        answer = select(db, query)
    _write(answer, format, out)


def open_release(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection to a release's database that can only read it."""
    return duckdb.connect(path, read_only=True, config=LOCKED)


def select(db: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """The answer to one SELECT.

    Raises:
        WrongUsage: If the text is not one SELECT, or asks for what is not there.
    """
    _refuse_all_but_one_select(db, query)
    try:
        return db.sql(query).pl()
    except duckdb.Error as error:
        raise WrongUsage(str(error)) from error


def databases(site: Site) -> dict[str, Path]:
    """The database of the newest release of each study."""
    newest = {path.parent.name: current(path.parent) for path in sorted((site.home / "releases").glob("*/current"))}
    return {study: folder / "crs.duckdb" for study, folder in newest.items() if folder}


def database(site: Site, study: str | None) -> Path:
    """The database of a study's newest release.

    Args:
        site: Where the releases are.
        study: The study; may be left out when only one has a release.

    Raises:
        WrongUsage: If there is no such release, or several and no study.
    """
    found = databases(site)
    if study is None and len(found) == 1:
        study = next(iter(found))
    if study not in found:
        which = f"no release of {study}" if study else "more than one release, so name one with --study"
        have = ", ".join(found) or "none"
        raise WrongUsage(f"there is {which if found else 'no release'} in {site.home}; there are {have}.")
    return found[study]


def _refuse_all_but_one_select(db: duckdb.DuckDBPyConnection, query: str) -> None:
    try:
        statements = db.extract_statements(query)
    except duckdb.Error as error:
        raise WrongUsage(str(error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise WrongUsage("write one SELECT; a release is only read.")


def _write(answer: pl.DataFrame, format: str, out: BinaryIO) -> None:
    if format == "csv":
        answer.write_csv(out)
    elif format == "json":
        out.write(f"{answer.write_json()}\n".encode())
    elif format == "parquet":
        answer.write_parquet(out)
    else:
        with pl.Config(
            tbl_rows=1000,
            tbl_cols=-1,
            fmt_str_lengths=200,
            tbl_hide_dataframe_shape=True,
            tbl_width_chars=250,
        ):
            out.write(f"{answer}\n".encode())
    out.flush()
