"""What the warehouse's tables were made of, so that only those are made again whose makers or sources have changed.

``main.built`` has a row for each table that stands: a key of what made it (its text and the contents of all that it
read) and its own content. A table that comes out as it was leaves those that read it alone. The row goes before a
table is made again, so that a run that is killed leaves no table that passes for another.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipelines.warehouse import as_one, rows

# What the numbers of SQL and of Python come from, apart from our own text.
_PACKAGES = ("duckdb", "polars", "numpy", "scipy", "great-expectations")
_ROOM = Path(__file__).parent
_CODE = ("analyses", "statistics")
# Written while tables are made, so that nothing can be said of it beforehand.
_UNSETTLED = "quality.findings"
_NAMES = "select schema_name || '.' || table_name from duckdb_tables() where schema_name in"
_ARRIVED = f"{_NAMES} ('study', 'reference')"
_MADE = f"{_NAMES} ('staged', 'graded', 'analysis')"


@dataclass(frozen=True, kw_only=True)
class Built:
    """A table that stands: how many rows it has, and what was found of its rules."""

    rows: int
    findings: tuple[Mapping[str, object], ...]


def note_arrived(db: duckdb.DuckDBPyConnection) -> None:
    """Note the contents of all that a transfer fills: raw, study and reference tables, and what was kept out.

    Args:
        db: The study's warehouse, once the transfer has arrived.
    """
    db.execute(
        "create table if not exists main.built "
        "(table_name varchar primary key, key varchar, content varchar, rows bigint, findings varchar)"
    )
    tables = [name for (name,) in rows(db, _ARRIVED)]
    contents = {name: _content(db, name) for name in (*tables, "raw.supp", "raw.relrec", "quality.ingested")}
    contents["quality.quarantine"] = _content(db, "quality.quarantine")
    for name, select in rows(db, "select view_name, sql from duckdb_views() where schema_name = 'raw' order by all"):
        # Long files are known by what they were read from, which need not be read again for that.
        files = rows(db, "select file, sha256 from quality.ingested where domain = upper(?) order by all", name)
        contents[f"raw.{name}"] = _digest(select, str(files), contents["quality.quarantine"])
    with as_one(db):
        for name, content in contents.items():
            _replace(db, name, "", content, 0, ())


def drop_others(db: duckdb.DuckDBPyConnection, known: Collection[str]) -> None:
    """Drop tables that nothing makes any more, such as those of a model that has another name now.

    Args:
        db: The study's warehouse.
        known: Names of all tables of the layers.
    """
    for (table,) in rows(db, _MADE):
        if table not in known:
            db.execute(f"drop table {table}")
            db.execute("delete from main.built where table_name = ?", [table])


def key_of(db: duckdb.DuckDBPyConnection, made_by: str, reads: Iterable[str]) -> str | None:
    """The key of a table made so of these; None where it cannot be told, so that the table is always made.

    Args:
        db: The study's warehouse.
        made_by: The text that makes it.
        reads: Names of the tables it is made of.
    """
    names = sorted(set(reads))
    known: dict[str, str] = dict(rows(db, "select table_name, content from main.built"))
    if _UNSETTLED in names or not set(names) <= known.keys():
        return None
    return _digest(made_by, *(known[name] for name in names), *_versions())


def standing(db: duckdb.DuckDBPyConnection, table: str, key: str | None) -> Built | None:
    """The table as it stands, if it was made by this key; else None, and what was noted of it is gone."""
    found = rows(db, "select rows, findings from main.built where table_name = ? and key = ?", table, key or "")
    if key and found:
        return Built(rows=found[0][0], findings=tuple(json.loads(found[0][1])))
    db.execute("delete from main.built where table_name = ?", [table])
    return None


def note(
    db: duckdb.DuckDBPyConnection,
    table: str,
    key: str | None,
    count: int,
    findings: Iterable[Mapping[str, object]] = (),
) -> None:
    """Note the table just made.

    Args:
        db: The study's warehouse.
        table: ``schema.table``.
        key: Of what it was made.
        count: Its rows.
        findings: Rows of ``quality.findings`` about it.
    """
    _replace(db, table, key or "", _content(db, table), count, findings)


def code() -> str:
    """A hash of the Python that computes analyses."""
    return _code_of(tuple(sorted(path for room in _CODE for path in (_ROOM / room).rglob("*.py"))))


@cache
def _code_of(paths: tuple[Path, ...]) -> str:
    return _digest(*(path.name + path.read_text(encoding="utf-8") for path in paths))


@cache
def _versions() -> tuple[str, ...]:
    return tuple(f"{name} {version(name)}" for name in _PACKAGES)


def _content(db: duckdb.DuckDBPyConnection, table: str) -> str:
    """A fingerprint of the table's columns and rows, in whatever order they are."""
    columns = rows(db, f"select column_name, column_type from (describe {table})")
    [fingerprint] = rows(db, f"select count(*), sum(hash(t)::hugeint), bit_xor(hash(t)) from {table} as t")
    return _digest(str(columns), str(fingerprint))


def _replace(
    db: duckdb.DuckDBPyConnection,
    table: str,
    key: str,
    content: str,
    count: int,
    findings: Iterable[Mapping[str, object]],
) -> None:
    told = json.dumps([*findings], default=str)
    db.execute("insert or replace into main.built values (?, ?, ?, ?, ?)", [table, key, content, count, told])


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
