"""The open release: what those who must stay blinded may have, in a folder of its own."""

import json
import shutil
from pathlib import Path

import duckdb

from pipelines.audit import Entry, Log
from pipelines.blinding.results import open_results
from pipelines.described import Described
from pipelines.in_place import OPEN, put_in_place
from pipelines.ingest import sha256
from pipelines.manifest import MANIFEST, read_manifest
from pipelines.warehouse import frame, insert, quoted, rows

OPEN_REPORT = "report-open.html"
_RECORDS = """
    create or replace table opened.records as
    select
        sum(rows_in)::bigint as rows_in, sum(rows_kept)::bigint as rows_kept,
        sum(rows_quarantined)::bigint as rows_quarantined
    from quality.ingested
"""
_ABOUT_RECORDS = "How many records arrived, how many were kept, and how many were kept out."


def publish_open(
    db: duckdb.DuckDBPyConnection, closed: Path, folder: Path, ard: Described, storage: str, log: Log
) -> Path:
    """Where the open release lies: the open report, a database of the results that may be seen, and a manifest.

    Nothing in it names a therapy, a dose, an arm, a site, a subject, a file or a setting of the study.

    Args:
        db: The study's warehouse.
        closed: The closed release, whose name it gets.
        folder: Where the study's open releases lie.
        ard: What the table of results is.
        storage: Version of the database's format.
        log: Told of the release before it is in its place.
    """
    beside = folder / f".{closed.name}.making"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for path in (folder, folder.parent):
        # Whatever the account's umask is.
        path.chmod(OPEN[0])
    _write_database(db, beside / "crs.duckdb", ard, storage)
    shutil.copyfile(closed / OPEN_REPORT, beside / OPEN_REPORT)
    manifest = read_manifest(closed)
    told = {
        "cut": manifest["identity"]["cut"],
        "outputs": {path.name: sha256(path) for path in sorted(beside.iterdir())},
        **{name: manifest[name] for name in ("packages", "run")},
    }
    (beside / MANIFEST).write_text(json.dumps(told, indent=1, sort_keys=True) + "\n")
    digest, run = sha256(beside / MANIFEST), told["run"]["id"]
    log.append(Entry(event="open", study=folder.name, run=run, release=closed.name, manifest=digest))
    return put_in_place(beside, folder / closed.name, OPEN)


def _write_database(db: duckdb.DuckDBPyConnection, path: Path, ard: Described, storage: str) -> None:
    [(minimum,)] = rows(db, "select max(minimum_cell) from study.parameters")
    found = open_results(frame(db, "select * from analysis.ard order by position"), minimum)
    db.execute(f"attach {quoted(str(path))} as opened (storage_version {quoted(storage)})")
    try:
        db.execute(f"create table opened.ard ({ard.ddl})")
        insert(db, "opened.ard", found)
        db.execute(_RECORDS)
        db.execute(f"comment on table opened.ard is {quoted(ard.description)}")
        db.execute(f"comment on table opened.records is {quoted(_ABOUT_RECORDS)}")
        for column in ard.columns:
            db.execute(f'comment on column opened.ard."{column.name}" is {quoted(column.comment)}')
    finally:
        db.execute("detach opened")
