"""Two makings of a release against each other: files byte for byte, the database table by table and row for row."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines.manifest import read_manifest
from pipelines.verifying.apart import DATABASE
from pipelines.verifying.verified import Verified
from pipelines.warehouse import CONFIG, quoted, rows

_COLUMNS = """
    select t.table_name, t.comment, c.column_index, c.column_name, c.data_type, c.comment
    from duckdb_tables() as t
    join duckdb_columns() as c using (database_name, schema_name, table_name)
    where t.database_name = ?
    order by all
"""
_BLOCK = 1 << 20


def verify_again(release: Path, again: Path) -> Verified:
    """Whether a release that was made again is the one there is.

    Args:
        release: The release there is, its files as its manifest says.
        again: The release made again.
    """
    was, now = (read_manifest(folder)["outputs"] for folder in (release, again))
    files = sorted((was.keys() | now.keys()) - {DATABASE})
    tables, differs = _databases(release / DATABASE, again / DATABASE)
    for name in files:
        if name not in was or name not in now:
            differs.append(f"{name} is {'new' if name in now else 'missing'} when it is made again.")
        elif was[name] != now[name]:
            byte = _first_difference(release / name, again / name)
            differs.append(f"{name} differs when it is made again, first in byte {byte}.")
    checked = f"Run again: {len(files)} files byte for byte, {tables} tables of {DATABASE} row for row."
    return Verified(what=release.name, checked=(checked,), differs=tuple(differs))


def _first_difference(release: Path, again: Path) -> int:
    """The first byte that differs, counted from 1."""
    place = 0
    with release.open("rb") as was, again.open("rb") as now:
        while (one := was.read(_BLOCK)) == (other := now.read(_BLOCK)) and one:
            place += len(one)
    alike = next((i for i, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    return place + 1 + (min(len(one), len(other)) if alike is None else alike)


def _databases(release: Path, again: Path) -> tuple[int, list[str]]:
    """How many tables there are, and what differs between the two."""
    with duckdb.connect(config={**CONFIG}) as db:
        for name, path in (("was", release), ("now", again)):
            db.execute(f"attach {quoted(str(path))} as {name} (read_only)")
        was, now = (_described(db, name) for name in ("was", "now"))
        differs = [f"{DATABASE}: {t} is described otherwise." for t in was if t in now and was[t] != now[t]]
        differs += [f"{DATABASE}: {table} is in one of the two only." for table in sorted(was.keys() ^ now.keys())]
        alike = [table for table in was if was[table] == now.get(table)]
        return len(was), [*differs, *_rows(db, alike)]


def _described(db: duckdb.DuckDBPyConnection, name: str) -> dict[str, list[tuple]]:
    """By table, what it and its columns are called, of what type they are and what is said of them."""
    tables: dict[str, list[tuple]] = {}
    for table, *about in rows(db, _COLUMNS, name):
        tables.setdefault(table, []).append(tuple(about))
    return tables


def _rows(db: duckdb.DuckDBPyConnection, tables: list[str]) -> Iterator[str]:
    for table in tables:
        one, other = (f'select * from {name}.main."{table}"' for name in ("was", "now"))
        [(gone,)] = rows(db, f"select count(*) from ({one} except all {other})")
        [(come,)] = rows(db, f"select count(*) from ({other} except all {one})")
        if gone or come:
            yield f"{DATABASE}: {table}: {gone} rows do not come out again, {come} others do."
