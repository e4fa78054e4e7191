"""What a rule reads of its table, as SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.models import Rule
from pipelines.warehouse import quoted, rows

# How the argument `as` has a value seen: as the code it stands for, or as the number it is the text of.
SEEN = {
    None: "{0}",
    "code": "nullif(upper(trim(cast({0} as varchar))), '')",
    "number": "try_cast(trim(cast({0} as varchar)) as double)",
}


class RuleError(Exception):
    """A rule that cannot run, which is not the same as a rule that failed."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Which columns of which rows a rule is about; in its SQL the table is ``t``."""

    table: str
    columns: tuple[str, ...]
    values: tuple[str, ...]
    where: str

    @property
    def select(self) -> str:
        """The values under the names of their columns, for a SELECT."""
        return ", ".join(f'{value} as "{name}"' for name, value in zip(self.columns, self.values, strict=True))

    @property
    def source(self) -> str:
        """The rows, for a FROM."""
        return f"{self.table} as t where {self.where}"

    @property
    def broken(self) -> str:
        """The rows whose values are in the temporary table broken_values, for a FROM."""
        same = [f'{v} is not distinct from b."{c}"' for c, v in zip(self.columns, self.values, strict=True)]
        return f"{self.table} as t semi join broken_values as b on {' and '.join(same)} where {self.where}"


def reading_of(db: duckdb.DuckDBPyConnection, table: str, rule: Rule) -> Reading:
    """What the rule reads of the table.

    Args:
        db: The study's connection.
        table: ``schema.table``.
        rule: A rule that names ``column``, ``column_A`` and ``column_B``, or a ``column_list``, and may say ``as``
            code or number. Its ``when`` compares text whatever its case and padding, numbers as numbers; a list means
            any of its values, an empty value means blank, and ``"*"`` means not blank.

    Raises:
        RuleError: If the rule names no column, or one that the table lacks.
    """
    columns, seen = columns_of(rule), rule.arguments.get("as")
    if seen not in SEEN:
        raise RuleError(f"{table}: {rule.name}: as is {seen}; write code or number, or leave it out.")
    _refuse_unknown(db, table, rule, [*columns, *rule.when])
    values = tuple(SEEN[seen].format(f't."{column}"') for column in columns)
    conditions = [condition(f't."{column}"', wanted) for column, wanted in rule.when.items()]
    where = " and ".join([*conditions, *_narrowing(rule, values)]) or "true"
    return Reading(table=table, columns=columns, values=values, where=where)


def columns_of(rule: Rule) -> tuple[str, ...]:
    """The columns that the rule is about.

    Raises:
        RuleError: If it names none.
    """
    given = rule.arguments
    named = [given[name] for name in ("column", "column_A", "column_B") if name in given]
    columns = tuple(named or given.get("column_list", ()))
    if not columns:
        raise RuleError(f"{rule.table}: {rule.name}: name a column, column_A and column_B, or a column_list.")
    return columns


def condition(column: str, wanted: Any) -> str:
    """Whether the column has a wanted value, or one of them, as SQL."""
    values = wanted if isinstance(wanted, list) else [wanted]
    return f"({' or '.join(_is(column, value) for value in values)})"


def _is(column: str, value: Any) -> str:
    text = f"upper(trim(cast({column} as varchar)))"
    if value is None:
        return f"coalesce({text}, '') = ''"
    if value == "*":
        return f"{text} <> ''"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"try_cast({column} as double) = {value}"
    return f"{text} = {quoted(str(value).strip().upper())}"


def _narrowing(rule: Rule, values: Sequence[str]) -> list[str]:
    """Of one column only what decides is read: the missing values for a rule against these, else the others."""
    if "column" not in rule.arguments:
        return []
    missing = "" if rule.expectation == "column_values_to_not_be_null" else "not "
    return [f"{values[0]} is {missing}null"]


def _refuse_unknown(db: duckdb.DuckDBPyConnection, table: str, rule: Rule, columns: Sequence[str]) -> None:
    known = {name.lower() for name, *_ in rows(db, f"describe {table}")}
    for column in columns:
        if column.lower() not in known:
            raise RuleError(
                f"{table}: {rule.name}: the table has no column {column}; it has {', '.join(sorted(known))}."
            )
