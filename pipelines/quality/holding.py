"""Hold a table against its rules: distinct values to Great Expectations, failing rows from SQL."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from pipelines.models import Rule
from pipelines.quality.expectations import unexpected
from pipelines.quality.rules import RuleError
from pipelines.warehouse import insert, quoted, rows

EXAMPLES = 20
# As many repeated keys as anyone would read; the count of failing rows is exact all the same.
REPEATS = 1000


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Whether a rule held, how many rows broke it, and the first of them."""

    rule: Rule
    failing: int
    examples: tuple[Mapping[str, Any], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the rule held."""
        return self.failing == 0


def hold(db: duckdb.DuckDBPyConnection, table: str, rules: Sequence[Rule]) -> list[Outcome]:
    """How each rule went on the table.

    Args:
        db: The study's connection.
        table: ``schema.table``.
        rules: Rules about columns of the table.

    Raises:
        RuleError: If a rule cannot run.
    """
    return [_outcome(db, table, rule) for rule in rules]


def record(db: duckdb.DuckDBPyConnection, outcomes: Sequence[Outcome], names: Sequence[str] = ()) -> None:
    """Keep the outcomes in quality.findings, in place of earlier ones of the same tables.

    Args:
        db: The study's connection.
        outcomes: What was found.
        names: Names to keep the rules under; their own when left out.
    """
    for table in {outcome.rule.table for outcome in outcomes}:
        db.execute("delete from quality.findings where table_name = ?", [table])
    for outcome, name in zip(outcomes, names or [o.rule.name for o in outcomes], strict=True):
        row = {"table_name": outcome.rule.table, "rule": name, "severity": outcome.rule.severity, "passed": outcome.passed}
        row |= {"failing": outcome.failing, "examples": json.dumps(outcome.examples, default=str)}
        insert(db, "quality.findings", pl.DataFrame([row]))


@contextmanager
def failing_rows(db: duckdb.DuckDBPyConnection, table: str, rule: Rule) -> Iterator[str | None]:
    """A FROM clause that gives the rows ``t`` of the table that break the rule; None when none does."""
    columns = columns_of(rule)
    try:
        batch = db.sql(_batch(table, rule, columns)).df()
    except duckdb.Error as error:
        raise RuleError(f"{table}: {rule.name}: {error}") from error
    broken = unexpected(batch, rule)
    if not broken:
        yield None
        return
    if _is_unique(rule):
        keys = ", ".join(columns)
        yield f"(select * from {table} {_where(rule)} qualify count(*) over (partition by {keys}) > 1) as t"
        return
    db.register("broken_values", batch.iloc[broken])
    same = " and ".join(f"t.{column} is not distinct from b.{column}" for column in columns)
    try:
        yield f"(select * from {table} {_where(rule)}) as t join (select distinct * from broken_values) as b on {same}"
    finally:
        db.unregister("broken_values")


def columns_of(rule: Rule) -> list[str]:
    """The columns that the rule is about.

    Raises:
        RuleError: If the rule names none.
    """
    given = rule.arguments
    if "column_list" in given:
        return list(given["column_list"])
    columns = [given[name] for name in ("column", "column_A", "column_B") if name in given]
    if not columns:
        raise RuleError(f"{rule.table}: {rule.name}: name a column, column_A and column_B, or a column_list.")
    return columns


def _outcome(db: duckdb.DuckDBPyConnection, table: str, rule: Rule) -> Outcome:
    with failing_rows(db, table, rule) as broken:
        if broken is None:
            return Outcome(rule=rule, failing=0)
        [(failing,)] = rows(db, f"select count(*) from {broken}")
        found = db.sql(f"select t.* from {broken} limit {EXAMPLES}").pl()
        return Outcome(rule=rule, failing=failing, examples=tuple(found.to_dicts()))


def _batch(table: str, rule: Rule, columns: Sequence[str]) -> str:
    chosen = ", ".join(columns)
    if _is_unique(rule):
        return f"select {chosen} from {table} {_where(rule)} qualify count(*) over (partition by {chosen}) > 1 limit {REPEATS}"
    return f"select distinct {chosen} from {table} {_where(rule)}"


def _is_unique(rule: Rule) -> bool:
    return rule.expectation.endswith("to_be_unique")


def _where(rule: Rule) -> str:
    conditions = [_condition(column, value) for column, value in rule.when.items()]
    if rule.expectation == "column_values_to_match_regex":
        conditions.append(f"trim({rule.arguments['column']}) <> ''")
    return f"where {' and '.join(conditions)}" if conditions else ""


def _condition(column: str, value: Any) -> str:
    if value is None:
        return f"{column} is null"
    values = value if isinstance(value, list) else [value]
    return f"upper(trim({column})) in ({', '.join(quoted(str(one)) for one in values)})"
