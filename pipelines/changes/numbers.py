"""Which reported numbers moved, from what to what, and which subjects entered or left those that count subjects."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl

from pipelines.changes.sides import Side
from pipelines.warehouse import frame, rows
from reports.words import written

_NEEDS = {
    *("cell_id", "study", "analysis", "group1", "group1_level", "group2", "by_level", "variable", "variable_level"),
    *("stat_name", "stat", "stat_text", "subjects_sql"),
}
_SIGNS = {"percent": " %", "days": " days"}
_ROWS = {
    **dict.fromkeys(("studyid", "usubjid", "what", "kind", "item", "variable", "cell_id"), pl.String),
    **dict.fromkeys(("old_value", "new_value"), pl.String),
    "record": pl.Int64,
}
Moved = dict[str, object]


def numbers(db: duckdb.DuckDBPyConnection, old: Side, new: Side) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The numbers of ``reference.headline_numbers`` that print otherwise, and whom each counts that it did not.

    Args:
        db: A connection to which both sides are attached, with the reference tables.
        old: What is compared with.
        new: What it has become.

    Returns:
        Rows of analysis.changes, and the tables and cells that could not be compared.
    """
    if not old.columns(db, "ard") & new.columns(db, "ard") >= _NEEDS:
        return pl.DataFrame(schema=_ROWS), ("ard",)
    cells = [*frame(db, _cells(old, new)).iter_rows(named=True)]
    moved = [change for cell in cells for change in _moved(cell)]
    counted, failed = _counted(db, old, new, [cell for cell in cells if _counts_people(cell)])
    found = [{**row, "record": record} for record, row in enumerate([*moved, *counted], start=1)]
    return pl.DataFrame(found, schema=_ROWS), failed


def _cells(old: Side, new: Side) -> str:
    """A SELECT of the headline numbers as both sides have them, one row a number."""
    sides = ", ".join(
        f"""
        {name} as (
            select a.*, h.position as place, h.label, h.style
            from {side.table("ard")} as a
            join reference.headline_numbers as h
                on h.analysis = a.analysis and coalesce(h.by_level, '') = coalesce(a.by_level, '')
                and h.variable = a.variable and h.variable_level = a.variable_level and h.stat_name = a.stat_name
            where a.group2 is null and (a.group1 is null or a.group1 = 'therapy')
        )"""
        for name, side in (("o", old), ("n", new))
    )
    both = ("study", "label", "style", "stat_name", "group1_level", "place")
    return f"""
        with {sides}
        select
            cell_id, {", ".join(f"coalesce(n.{name}, o.{name}) as {name}" for name in both)},
            o.cell_id is not null as is_old, n.cell_id is not null as is_new,
            o.stat as old_stat, o.stat_text as old_text, n.stat as new_stat, n.stat_text as new_text,
            o.subjects_sql as old_sql, n.subjects_sql as new_sql
        from o full join n using (cell_id)
        order by group1_level nulls first, place, cell_id
    """


def _moved(cell: Moved) -> Iterator[Moved]:
    old, new = (_printed(cell, side) for side in ("old", "new"))
    if old != new:
        kind = "new" if old is None else "removed" if new is None else "changed"
        yield {**_named(cell), "what": "number", "kind": kind, "old_value": old, "new_value": new}


def _printed(cell: Moved, side: str) -> str | None:
    """The number as reports print it; None where that side has no such number."""
    if not cell[f"is_{side}"]:
        return None
    stat, text, style = cell[f"{side}_stat"], cell[f"{side}_text"], str(cell["style"])
    said = written(stat, text, style)  # pyright: ignore[reportArgumentType]
    return said if stat is None else said + _SIGNS.get(style, "")


def _named(cell: Moved) -> Moved:
    whose = f", {cell['group1_level']}" if cell["group1_level"] else ""
    return {"studyid": cell["study"], "cell_id": cell["cell_id"], "item": f"{cell['label']}{whose}"}


def _counts_people(cell: Moved) -> bool:
    # By therapy too they would only be said twice.
    is_count = cell["style"] == "count" and cell["group1_level"] is None
    return is_count and all(cell[f"{side}_sql"] for side in ("old", "new") if cell[f"is_{side}"])


def _counted(
    db: duckdb.DuckDBPyConnection, old: Side, new: Side, cells: list[Moved]
) -> tuple[list[Moved], tuple[str, ...]]:
    """Who is counted and was not, and who was and is not, number by number."""
    found: list[Moved] = []
    failed = []
    for cell in cells:
        try:
            before, after = _people(db, old, cell["old_sql"]), _people(db, new, cell["new_sql"])
        except duckdb.Error:
            # The SELECT of an older version may ask for what its own release lacks.
            failed.append(f"subjects of {cell['label']}")
            continue
        for kind, people in (("new", after - before), ("removed", before - after)):
            for studyid, usubjid in sorted(people):
                found.append({**_named(cell), "what": "counted", "kind": kind, "studyid": studyid, "usubjid": usubjid})
    return found, tuple(failed)


def _people(db: duckdb.DuckDBPyConnection, side: Side, sql: object) -> set[tuple[str, str]]:
    if sql is None:
        return set()
    with _within(db, side):
        return set(rows(db, f"select studyid, usubjid from ({sql}) as counted"))


@contextmanager
def _within(db: duckdb.DuckDBPyConnection, side: Side) -> Iterator[None]:
    """The side's tables under their own names, for the SELECTs of a release are written so."""
    [(database,)] = rows(db, "select current_database()")
    db.execute(f'use "{side.database}"."{side.analysis}"')
    try:
        yield
    finally:
        db.execute(f'use "{database}"."main"')
