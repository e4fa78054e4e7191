"""Raw rows against the rules of their domain: some refuse the transfer, some keep rows out, some only warn."""

import re
from collections.abc import Mapping, Sequence

import duckdb

from pipelines.errors import Refused
from pipelines.quality.breaking import find_broken_values
from pipelines.quality.duplicates import duplicate_rule, keep_duplicates
from pipelines.quality.holding import EXAMPLES, Outcome, record
from pipelines.quality.reading import Reading, reading_of
from pipelines.quality.received import quarantine
from pipelines.quality.rules import DomainRule
from pipelines.warehouse import count, rows


def screen(db: duckdb.DuckDBPyConnection, rules: Sequence[DomainRule], received: Mapping[str, str]) -> list[Outcome]:
    """How each rule went; rows that break a quarantining one are kept out of every raw view from then on.

    Args:
        db: The study's connection, with the raw views, which leave out what is in quality.quarantine.
        rules: The rules, in the order they are tried. A row is kept out by the first that it breaks.
        received: By dataset, a SELECT of its rows as received, with _file and _row.

    Raises:
        Refused: If a rule that refuses is broken. The findings up to there are kept.
        RuleError: If a rule cannot run.
    """
    # Two rows of one subject in DM are refused below, alike or not.
    outcomes = [_without_duplicates(db, domain, received[domain]) for domain in received if domain != "DM"]
    for rule in rules:
        if rule.domain in received:
            outcomes.append(_screened(db, rule, received[rule.domain]))
            if rule.severity == "critical" and not outcomes[-1].passed:
                record(db, outcomes)
                raise Refused(_refusal(rule, outcomes[-1]))
    record(db, outcomes)
    db.execute("delete from raw.supp where (_file, _row) in (select (file, row) from quality.quarantine)")
    return outcomes


def ledger(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows of each file are in quarantine; a file that is not named has none."""
    return dict(rows(db, "select file, count(*) from quality.quarantine group by file"))


def _without_duplicates(db: duckdb.DuckDBPyConnection, domain: str, received: str) -> Outcome:
    keep_duplicates(db, domain, received)
    return _dealt_with(db, duplicate_rule(domain), received)


def _screened(db: duckdb.DuckDBPyConnection, rule: DomainRule, received: str) -> Outcome:
    reading = reading_of(db, rule.table, rule)
    if not find_broken_values(db, reading, rule):
        return Outcome(rule=rule, failing=0)
    broken = f"select t._file, t._row, {_value(reading)} as value from {reading.broken}"
    db.execute(f"create or replace temp table broken_rows as {broken}")
    return _dealt_with(db, rule, received)


def _dealt_with(db: duckdb.DuckDBPyConnection, rule: DomainRule, received: str) -> Outcome:
    """The outcome of a rule whose broken_rows are known, after they are kept out if the rule says so."""
    failing = count(db, "broken_rows")
    if failing and rule.severity == "quarantine":
        quarantine(db, rule.domain, rule.rule, received)
    places = rows(db, f"select _file, _row from broken_rows order by all limit {EXAMPLES}")
    examples = tuple({"_file": file, "_row": row} for file, row in places)
    return Outcome(rule=rule, failing=failing, examples=examples)


def _value(reading: Reading) -> str:
    """The values that broke the rule as they were received: the text of a date, not its seconds."""
    names = [re.sub(r"^_(\w+)_(first|last)$", r"\1", column) for column in reading.columns]
    return "concat_ws(' / ', " + ", ".join(f't."{name}"' for name in names) + ")"


def _refusal(rule: DomainRule, outcome: Outcome) -> str:
    by_file: dict[str, list[str]] = {}
    for example in outcome.examples:
        by_file.setdefault(example["_file"], []).append(str(example["_row"]))
    where = "; ".join(f"{file}, rows {', '.join(numbers)}" for file, numbers in by_file.items())
    more = outcome.failing - len(outcome.examples)
    return f"{where}{f' and {more} more' if more else ''}: {rule.rule}: {rule.message}."
