"""Publish a study's results whole or not at all; a release never changes, and ``current`` points at the newest."""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from pipelines.audit import Entry, Log, told_of
from pipelines.datasets import write_datasets
from pipelines.in_place import CLOSED, current, free_name, put_in_place
from pipelines.ingest import RawCut, sha256
from pipelines.manifest import MANIFEST, read_manifest, write_manifest
from pipelines.raw_layer import as_received
from pipelines.stamp import Stamp, read_stamp
from pipelines.warehouse import as_one, quoted, quoted_name, rows

# Written so that the DuckDB 1.5 that people have can open it.
STORAGE_VERSION = "v1.5.0"
# Of duckdb_tables() or duckdb_columns(): the tables that go into the release beside the raw ones.
IS_RELEASED = """
    database_name = current_database() and (
        schema_name = 'analysis'
        or (schema_name = 'quality' and table_name in ('ingested', 'quarantine', 'findings'))
        or (schema_name = 'study' and table_name in ('settings', 'studies'))
    )
"""
RELEASED = f"select schema_name, table_name, comment from duckdb_tables() where {IS_RELEASED} order by all"
COMMENTS = f"""
    select table_name, column_name, comment from duckdb_columns()
    where comment is not null and {IS_RELEASED} order by table_name, column_index
"""


@dataclass(frozen=True, kw_only=True)
class Release:
    """A release: where it lies, and whether this run made it."""

    folder: Path
    is_new: bool


def publish(
    db: duckdb.DuckDBPyConnection,
    folder: Path,
    cuts: Iterable[RawCut],
    documents: Iterable[Path],
    log: Log,
    engine: str = "duckdb",
) -> Release:
    """The closed release of what the warehouse holds, made beside and renamed; the newest is kept when nothing changed.

    Args:
        db: The study's warehouse.
        folder: Where the study's releases lie.
        cuts: The raw cuts the warehouse was filled from.
        documents: Reports to be released with it.
        log: The audit log, which is told before the release is there: none is without its entry.
        engine: What made the tables of models.
    """
    cuts = list(cuts)
    identity = _identity(db)
    newest = current(folder)
    if newest is not None and read_manifest(newest)["identity"] == identity:
        return Release(folder=newest, is_new=False)
    cut = rows(db, "select max(transfer) from study.studies")[0][0]
    beside = folder / f".{cut}.making"
    target = free_name(folder, cut)
    _write(db, beside, cuts, documents)
    stamp = read_stamp(db)
    transfers = dict(rows(db, "select studyid, transfer from study.studies order by position"))
    write_manifest(beside, folder.name, transfers, identity, (stamp, engine), log.head())
    log.append(_entry(beside, target, identity, stamp))
    return Release(folder=put_in_place(beside, target, CLOSED), is_new=True)


def _write(db: duckdb.DuckDBPyConnection, folder: Path, cuts: list[RawCut], documents: Iterable[Path]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=CLOSED[0], parents=True)
    (folder / "datasets").mkdir()
    _write_database(db, folder / "crs.duckdb", cuts)
    write_datasets(db, folder / "datasets")
    for document in documents:
        shutil.copyfile(document, folder / document.name)


def _entry(beside: Path, target: Path, identity: Mapping[str, Any], stamp: Stamp) -> Entry:
    return Entry(
        event="release",
        study=target.parent.name,
        run=stamp.run_id,
        release=target.name,
        manifest=sha256(beside / MANIFEST),
        **told_of(identity),
    )


def _identity(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What makes a release what it is: inputs, overrides, settings, the release it is compared with, and the code."""
    return {
        "inputs": dict(rows(db, "select file, sha256 from quality.ingested order by file")),
        "overrides": dict(rows(db, "select studyid || '/' || file, sha256 from study.overrides order by all")),
        "settings": {
            f"{s}.{k}": v for s, k, v in rows(db, "select studyid, key, value from study.settings order by all")
        },
        "cut": rows(db, "select max(transfer) from study.studies")[0][0],
        "compared_with": rows(db, "select coalesce(max(release), '') from analysis.compared")[0][0],
        "code_version": code_version(),
    }


@cache
def code_version() -> str:
    """The version of the package, and a hash of its Python, SQL, reference rows and templates.

    Told once: what is loaded is what runs, though files be changed meanwhile.
    """
    digest = hashlib.sha256()
    root = Path(__file__).parent.parent
    for room in ("pipelines", "sql", "reports"):
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".sql", ".csv", ".yaml", ".html", ".css", ".js", ".ttf"):
                digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return f"{version('crsight')}+{digest.hexdigest()[:12]}"


def _write_database(db: duckdb.DuckDBPyConnection, path: Path, cuts: list[RawCut]) -> None:
    db.execute(f"attach {quoted(str(path))} as release (storage_version {quoted(STORAGE_VERSION)})")
    try:
        with as_one(db):
            _copy_tables(db)
        for domain, select in as_received(cuts).items():
            table = quoted_name(f"raw_{domain.lower()}")
            db.execute(f"create table release.{table} as {select}")
            about = f"SDTM {domain} as received, quarantined rows included, with _file and _row."
            db.execute(f"comment on table release.{table} is {quoted(about)}")
    finally:
        db.execute("detach release")


def _copy_tables(db: duckdb.DuckDBPyConnection) -> None:
    for schema, table, comment in rows(db, RELEASED):
        db.execute(f"create table release.{table} as select * from {schema}.{table}")
        db.execute(f"comment on table release.{table} is {quoted(comment or '')}")
    told = [
        f'comment on column release.{t}."{column}" is {quoted(comment)}' for t, column, comment in rows(db, COMMENTS)
    ]
    db.execute("; ".join(told))
