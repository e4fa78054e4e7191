"""The rows of ``analysis.changes``: what is new, removed or changed in one database against another."""

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.changes.kinds import KINDS, Kind, Variable
from pipelines.changes.numbers import numbers
from pipelines.changes.sides import Side
from pipelines.warehouse import frame

# As analysis.changes has them, but position.
COLUMNS = ("studyid", "usubjid", "what", "kind", "record", "item", "variable", "cell_id", "old_value", "new_value")
_TEMPORARY = ("old_records", "new_records", "pairs")
_SIDES = ("old", "new")


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What differs, and what could not be compared because one side lacks it."""

    rows: pl.DataFrame
    left_out: tuple[str, ...]


def compare(db: duckdb.DuckDBPyConnection, old: Side, new: Side) -> Compared:
    """The changes from the old side to the new one; a table or column that one of them lacks is left out and named.

    Args:
        db: A connection to which both are attached, with the reference tables.
        old: What is compared with.
        new: What it has become.
    """
    found, left_out = [], []
    for what, kind in KINDS.items():
        common = old.columns(db, kind.table) & new.columns(db, kind.table)
        if set(kind.needs) <= common:
            found.append(_records(db, what, kind, common, old, new))
            left_out += _lacking(kind, common)
        else:
            left_out.append(kind.table)
    counted, without = numbers(db, old, new)
    rows = pl.concat([*found, counted], how="diagonal_relaxed").select(COLUMNS)
    return Compared(rows=rows.with_row_index("position", offset=1), left_out=(*left_out, *without))


def _lacking(kind: Kind, common: frozenset[str]) -> list[str]:
    needed = {column for variable in kind.variables.values() for column in variable.needs}
    return [f"{kind.table}.{column}" for column in sorted(needed - common)]


def _records(
    db: duckdb.DuckDBPyConnection, what: str, kind: Kind, common: frozenset[str], old: Side, new: Side
) -> pl.DataFrame:
    """The changes of one kind of record."""
    variables = {name: v for name, v in kind.variables.items() if set(v.needs) <= common}
    steps = [step for step in kind.known_by if set(step.needs) <= common]
    for name, side in zip(_SIDES, (old, new), strict=True):
        db.execute(f"create or replace temp table {name}_records as {_side(db, kind, variables, steps, side)}")
    try:
        _pair(db, len(steps))
        return frame(db, _changes(what, kind, variables))
    finally:
        for table in _TEMPORARY:
            db.execute(f"drop table if exists temp.{table}")


def _side(
    db: duckdb.DuckDBPyConnection, kind: Kind, variables: dict[str, Variable], steps: list[Variable], side: Side
) -> str:
    """One side's records: whose, which, what is said of it, its variables as a list, and what it is known by."""
    content = ", ".join(variable.sql for variable in variables.values())
    known = "".join(f", {step.sql} as known_{number}" for number, step in enumerate(steps, start=1))
    order = ", ".join(f"known_{number}" for number in range(1, len(steps) + 1))
    there = side.columns(db, kind.table)
    where = next((w.sql for w in kind.where if set(w.needs) <= there), "true").format(settings=side.table("settings"))
    return f"""
        with records as (
            select
                t.studyid, {kind.subject} as subject, {kind.item} as item, {kind.told} as told,
                [{content}]::varchar[] as content{known}
            from {side.table(kind.table)} as t
            where {where}
        )
        select
            row_number() over (order by studyid, subject, content, {order}) as id,
            r.*,
            -- Equal records are told apart by their number alone.
            row_number() over (partition by studyid, subject, content order by {order}) as known_0
        from records as r
    """


def _pair(db: duckdb.DuckDBPyConnection, steps: int) -> None:
    """Fill ``pairs``: first records that are equal, then by each thing a record is known by, in turn."""
    db.execute("""
        create or replace temp table pairs as
        select o.id as old_id, n.id as new_id, 0 as step
        from old_records as o
        join new_records as n
            on n.studyid = o.studyid and n.subject = o.subject and n.content = o.content and n.known_0 = o.known_0
    """)
    for step in range(1, steps + 1):
        db.execute(f"""
            insert into pairs
            with {", ".join(_unpaired(side, step) for side in _SIDES)}
            select o.id, n.id, {step}
            from old_rest as o
            join new_rest as n on n.studyid = o.studyid and n.subject = o.subject and n.known = o.known
                and n.nth = o.nth
        """)


def _unpaired(side: str, step: int) -> str:
    """The records of a side that have no pair yet; several known by the same are numbered in the order of content."""
    return f"""
        {side}_rest as (
            select
                r.id, r.studyid, r.subject, r.known_{step} as known,
                row_number() over (partition by r.studyid, r.subject, r.known_{step} order by r.id) as nth
            from {side}_records as r
            anti join pairs as p on p.{side}_id = r.id
            where r.known_{step} is not null
        )
    """


def _changes(what: str, kind: Kind, variables: dict[str, Variable]) -> str:
    """A SELECT of the changes, in the order of subjects and records."""
    names, follow_up = (
        "[" + ", ".join(texts) + "]::{}[]"
        for texts in (
            [f"'{name}'" for name in variables],
            [str(v.is_follow_up).lower() for v in variables.values()],
        )
    )
    return f"""
        with removed as (
            select r.studyid, r.subject, 'removed' as kind, r.item, null as variable,
                r.told as old_value, null as new_value,
                r.id as old_id, null::bigint as new_id, 0 as place
            from old_records as r anti join pairs as p on p.old_id = r.id
            where {str(kind.comes_and_goes).lower()}
        ),
        added as (
            select r.studyid, r.subject, 'new' as kind, r.item, null as variable,
                null as old_value, r.told as new_value,
                null::bigint as old_id, r.id as new_id, 0 as place
            from new_records as r anti join pairs as p on p.new_id = r.id
            where {str(kind.comes_and_goes).lower()}
        ),
        opened as (
            select n.studyid, n.subject, n.item, p.old_id, p.new_id,
                unnest({names.format("varchar")}) as variable,
                unnest({follow_up.format("boolean")}) as is_follow_up,
                unnest(o.content) as old_value,
                unnest(n.content) as new_value,
                unnest(range({len(variables)})) as place
            from pairs as p
            join old_records as o on o.id = p.old_id
            join new_records as n on n.id = p.new_id
            where p.step > 0
        ),
        changed as (
            select studyid, subject, if(is_follow_up and new_value > old_value, 'followed', 'changed') as kind,
                item, variable, old_value, new_value, old_id, new_id, place
            from opened
            where old_value is distinct from new_value
            -- Where follow-up ended or began, the end has changed and says so.
            and not (is_follow_up and (old_value is null or new_value is null))
        )
        select
            studyid, nullif(subject, '') as usubjid, '{what}' as what, kind,
            dense_rank() over (order by studyid, subject, item, new_id nulls last, old_id) as record,
            item, variable, old_value, new_value
        from (from removed union all by name from added union all by name from changed)
        order by record, place
    """
