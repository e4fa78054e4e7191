"""Which values of a table break a rule: asked of Great Expectations, or of SQL where it would need the whole table.

However long the table, only distinct values are looked at, and those that break the rule are left in the temporary
table broken_values.
"""

from typing import Any

import duckdb
import polars as pl

from pipelines.dates import is_date
from pipelines.models import Rule
from pipelines.quality.expectations import expectation_of, unexpected
from pipelines.quality.reading import Reading, RuleError, condition
from pipelines.warehouse import count, frame, rows


def find_broken_values(db: duckdb.DuckDBPyConnection, reading: Reading, rule: Rule) -> bool:
    """Whether any value breaks the rule; those that do are then in the temporary table broken_values.

    Raises:
        RuleError: If the rule cannot run.
    """
    try:
        _FINDERS.get(rule.expectation, _unexpected)(db, reading, rule)
    except (duckdb.ProgrammingError, KeyError) as error:
        raise RuleError(f"{reading.table}: {rule.name}: the rule cannot run: {error}") from error
    return count(db, "broken_values") > 0


def _unexpected(db: duckdb.DuckDBPyConnection, reading: Reading, rule: Rule) -> None:
    expectation = expectation_of(rule, _arguments(db, rule))
    values = f"select distinct {reading.select} from {reading.source}"
    _keep(db, "batch", f"select row_number() over () - 1 as position, * from ({values})")
    batch = db.sql("select * exclude (position) from batch order by position").df()
    positions = unexpected(batch, expectation, rule) if len(batch) else []
    db.register("positions", pl.DataFrame({"position": positions}, schema={"position": pl.Int64}).to_arrow())
    _keep(db, "broken_values", "select b.* exclude (position) from batch as b semi join positions using (position)")
    db.unregister("positions")


def _arguments(db: duckdb.DuckDBPyConnection, rule: Rule) -> dict[str, Any]:
    arguments = {name: value for name, value in rule.arguments.items() if name != "as"}
    if isinstance(arguments.get("value_set"), dict):
        arguments["value_set"] = _values_of(db, **arguments["value_set"])
    if "column_A" in arguments:
        # Otherwise a missing value would break a rule about two of them.
        arguments.setdefault("ignore_row_if", "either_value_is_missing")
    return arguments


def _values_of(
    db: duckdb.DuckDBPyConnection, table: str, column: str, where: dict[str, Any] | None = None
) -> list[Any]:
    wanted = " and ".join(condition(name, value) for name, value in (where or {}).items()) or "true"
    return [value for (value,) in rows(db, f"select distinct {column} from {table} where {wanted} order by all")]


def _repeated(db: duckdb.DuckDBPyConnection, reading: Reading, rule: Rule) -> None:
    """Keys that more than one row has."""
    _keep(db, "broken_values", f"select {reading.select} from {reading.source} group by all having count(*) > 1")


def _elsewhere(db: duckdb.DuckDBPyConnection, reading: Reading, rule: Rule) -> None:
    """Keys that the other table lacks. Great Expectations takes ten seconds for 100,000 members of a set."""
    keys = ", ".join(f'"{column}"' for column in reading.columns)
    values = f"select distinct {reading.select} from {reading.source}"
    _keep(db, "broken_values", f"select v.* from ({values}) as v anti join {rule.arguments['table']} using ({keys})")


def _no_dates(db: duckdb.DuckDBPyConnection, reading: Reading, rule: Rule) -> None:
    """Texts without a precision, that is which ingest could not read, and which SDTM does not permit either."""
    [column] = reading.columns
    texts = frame(db, f'select distinct {reading.select} from {reading.source} and t."_{column}_precision" is null')
    db.register("texts", texts.filter(~is_date(texts[column])).to_arrow())
    _keep(db, "broken_values", "select * from texts")
    db.unregister("texts")


def _keep(db: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    db.execute(f"create or replace temp table {name} as {query}")


_FINDERS = {
    "column_values_to_be_unique": _repeated,
    "compound_columns_to_be_unique": _repeated,
    "compound_columns_to_be_in_table": _elsewhere,
    "column_values_to_be_dates": _no_dates,
}
