"""Raw rows against the rules of their domain: some refuse the transfer, some keep rows out, some only warn."""

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from pipelines.errors import Refused
from pipelines.models import Rule
from pipelines.quality.duplicates import quarantine_duplicates
from pipelines.quality.holding import Outcome, columns_of, failing_rows, record
from pipelines.quality.rules import EVERY_DATETIME, DomainRule
from pipelines.warehouse import rows


def screen(
    db: duckdb.DuckDBPyConnection, rules: Sequence[DomainRule], received: Mapping[str, str]
) -> list[Outcome]:
    """How each rule went; rows that break a quarantining one are kept out of every raw view from then on.

    Args:
        db: The study's connection, with the raw views.
        rules: The rules, in the order they are tried. A row is kept out by the first that it breaks.
        received: By dataset, a SELECT of its rows as received.

    Raises:
        Refused: If a rule that refuses is broken.
    """
    for domain, select in received.items():
        # Two rows of one subject in DM are refused below, alike or not.
        if domain != "DM":
            quarantine_duplicates(db, domain, select)
    outcomes, names = [], []
    for rule in rules:
        if rule.domain in received:
            for name, one in _expanded(db, rule):
                outcomes.append(_try(db, rule, one, received[rule.domain]))
                names.append(name)
    record(db, outcomes, names)
    db.execute("delete from raw.supp where (_file, _row) in (select (file, row) from quality.quarantine)")
    return outcomes


def _expanded(db: duckdb.DuckDBPyConnection, rule: DomainRule) -> Iterator[tuple[str, Rule]]:
    if rule.arguments.get("column") != EVERY_DATETIME:
        yield rule.rule, _with_subjects(db, rule)
        return
    query = "select lower(variable) from reference.sdtm_variables where domain = ? and type = 'datetime' order by rowid"
    for (column,) in rows(db, query, rule.domain):
        yield f"{rule.rule}: {column.upper()}", rule.as_rule(column)


def _with_subjects(db: duckdb.DuckDBPyConnection, rule: DomainRule) -> Rule:
    one = rule.as_rule()
    if one.arguments.get("value_set") != "subjects in DM":
        return one
    subjects = [subject for (subject,) in rows(db, "select usubjid from raw.dm where usubjid is not null")]
    return Rule(
        table=one.table, expectation=one.expectation, arguments={**one.arguments, "value_set": subjects},
        when=one.when, severity=one.severity,
    )


def _try(db: duckdb.DuckDBPyConnection, rule: DomainRule, one: Rule, received: str) -> Outcome:
    with failing_rows(db, one.table, one) as broken:
        if broken is None:
            return Outcome(rule=one, failing=0)
        places = rows(db, f"select t._file, t._row from {broken} order by all")
        if rule.action == "refuse":
            raise Refused(_refusal(rule, places))
        if rule.action == "quarantine":
            _quarantine(db, rule, one, broken, received)
    examples = tuple({"file": file, "row": row} for file, row in places[:20])
    return Outcome(rule=one, failing=len(places), examples=examples)


def _quarantine(
    db: duckdb.DuckDBPyConnection, rule: DomainRule, one: Rule, broken: str, received: str
) -> None:
    value = " || ' / ' || ".join(f"coalesce(cast(t.{column} as varchar), '')" for column in columns_of(one))
    db.execute(f"create or replace temp table kept_out as select t._file, t._row, {value} as value from {broken}")
    db.execute(
        f"""
        insert into quality.quarantine by name
        select k._file as file, k._row as row, ? as domain, ? as rule, k.value, to_json(r) as record
        from kept_out as k join ({received}) as r on r._file = k._file and r._row = k._row
        """,
        [rule.domain, rule.rule],
    )
    db.execute("drop table kept_out")


def _refusal(rule: DomainRule, places: Sequence[tuple[str, int]]) -> str:
    by_file: dict[str, list[int]] = {}
    for file, row in places:
        by_file.setdefault(file, []).append(row)
    where = "; ".join(f"{file}, rows {', '.join(str(row) for row in numbers[:10])}" for file, numbers in by_file.items())
    return f"{where}: {rule.rule}: {rule.message}"
