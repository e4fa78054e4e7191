"""Publish a study's results whole or not at all; a release never changes, and ``current`` points at the newest."""

import getpass
import hashlib
import json
import platform
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from pipelines.datasets import write_datasets
from pipelines.in_place import CLOSED, current, put_in_place
from pipelines.ingest import RawCut, sha256
from pipelines.raw_layer import as_received
from pipelines.warehouse import quoted, quoted_name, rows

# Written so that the DuckDB 1.5 that people have can open it.
STORAGE_VERSION = "v1.5.0"
_IS_RELEASED = """
    database_name = current_database() and (
        schema_name = 'analysis'
        or (schema_name = 'quality' and table_name in ('ingested', 'quarantine', 'findings'))
        or (schema_name = 'study' and table_name in ('settings', 'studies'))
    )
"""
RELEASED = f"select schema_name, table_name, comment from duckdb_tables() where {_IS_RELEASED} order by all"
COMMENTS = f"""
    select table_name, column_name, comment from duckdb_columns()
    where comment is not null and {_IS_RELEASED} order by table_name, column_index
"""
PACKAGES = ("crsight", "dagster", "duckdb", "great-expectations", "polars", "pyarrow", "sqlglot")


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
    run_id: str,
) -> Release:
    """The closed release of what the warehouse holds, made beside and renamed; the newest is kept when nothing changed.

    Args:
        db: The study's warehouse.
        folder: Where the study's releases lie.
        cuts: The raw cuts the warehouse was filled from.
        documents: Reports to be released with it.
        run_id: The run that made it.
    """
    cuts = list(cuts)
    identity = _identity(db)
    newest = current(folder)
    if newest is not None and json.loads((newest / "manifest.json").read_text())["identity"] == identity:
        return Release(folder=newest, is_new=False)
    cut = rows(db, "select max(transfer) from study.studies")[0][0]
    beside = folder / f".{cut}.making"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=CLOSED[0], parents=True)
    (beside / "datasets").mkdir()
    _write_database(db, beside / "crs.duckdb", cuts)
    write_datasets(db, beside / "datasets")
    for document in documents:
        shutil.copyfile(document, beside / document.name)
    _write_manifest(beside, identity, run_id)
    return Release(folder=put_in_place(beside, folder, cut, CLOSED), is_new=True)


def _identity(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What makes a release what it is: its inputs, its settings, the release it is compared with and the code."""
    return {
        "inputs": dict(rows(db, "select file, sha256 from quality.ingested order by file")),
        "settings": {
            f"{s}.{k}": v for s, k, v in rows(db, "select studyid, key, value from study.settings order by all")
        },
        "cut": rows(db, "select max(transfer) from study.studies")[0][0],
        "compared_with": rows(db, "select coalesce(max(release), '') from analysis.compared")[0][0],
        "code_version": code_version(),
    }


def code_version() -> str:
    """The version of the package, and a hash of its Python, SQL, reference rows and templates."""
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
        for schema, table, comment in rows(db, RELEASED):
            db.execute(f"create table release.{table} as select * from {schema}.{table}")
            db.execute(f"comment on table release.{table} is {quoted(comment or '')}")
        for table, column, comment in rows(db, COMMENTS):
            db.execute(f'comment on column release.{table}."{column}" is {quoted(comment)}')
        for domain, select in as_received(cuts).items():
            table = quoted_name(f"raw_{domain.lower()}")
            db.execute(f"create table release.{table} as {select}")
            about = f"SDTM {domain} as received, quarantined rows included, with _file and _row."
            db.execute(f"comment on table release.{table} is {quoted(about)}")
    finally:
        db.execute("detach release")


def _write_manifest(folder: Path, identity: Mapping[str, Any], run_id: str) -> None:
    outputs = {
        path.relative_to(folder).as_posix(): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }
    manifest = {
        "identity": identity,
        "outputs": outputs,
        "packages": {name: version(name) for name in PACKAGES} | {"python": platform.python_version()},
        "run": {"id": run_id, "by": getpass.getuser(), "at": datetime.now(UTC).isoformat(timespec="seconds")},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
