"""Hold a table against its rules, and keep what was found."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from pipelines.models import Rule
from pipelines.quality.breaking import find_broken_values
from pipelines.quality.reading import reading_of
from pipelines.warehouse import frame, insert, rows

EXAMPLES = 20


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
        rules: Rules about columns of the table. Missing values break none but those against missing values.

    Raises:
        RuleError: If a rule cannot run.
    """
    return [_outcome(db, table, rule) for rule in rules]


def outcomes_of(rules: Sequence[Rule], findings: Iterable[Mapping[str, Any]]) -> list[Outcome]:
    """How each rule went, of findings as ``record`` returned them."""
    found = {finding["rule"]: finding for finding in findings}
    return [
        Outcome(
            rule=rule, failing=found[rule.name]["failing"], examples=tuple(json.loads(found[rule.name]["examples"]))
        )
        for rule in rules
    ]


def record(db: duckdb.DuckDBPyConnection, outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    """The rows that keep the outcomes in quality.findings, in place of earlier ones of the same tables."""
    for table in {outcome.rule.table for outcome in outcomes}:
        db.execute("delete from quality.findings where table_name = ?", [table])
    findings = [_finding(outcome) for outcome in outcomes]
    if findings:
        insert(db, "quality.findings", pl.DataFrame(findings))
    return findings


def _outcome(db: duckdb.DuckDBPyConnection, table: str, rule: Rule) -> Outcome:
    reading = reading_of(db, table, rule)
    if not find_broken_values(db, reading, rule):
        return Outcome(rule=rule, failing=0)
    [(failing,)] = rows(db, f"select count(*) from {reading.broken}")
    examples = frame(db, f"select t.* from {reading.broken} order by all limit {EXAMPLES}")
    return Outcome(rule=rule, failing=failing, examples=tuple(examples.to_dicts()))


def _finding(outcome: Outcome) -> dict[str, object]:
    return {
        "table_name": outcome.rule.table,
        "rule": outcome.rule.name,
        "severity": outcome.rule.severity,
        "passed": outcome.passed,
        "failing": outcome.failing,
        "examples": json.dumps(outcome.examples, default=str),
    }
