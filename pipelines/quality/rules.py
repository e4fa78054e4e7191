"""Rules: those of models come with the models, those of raw domains from sql/reference/domain_rules.csv."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.models import Rule

ACTIONS = {"refuse": "critical", "quarantine": "quarantine", "warn": "warning"}
# Stands for each variable of the type in the domain's contract.
EVERY_DATETIME = "every datetime"


class RuleError(Exception):
    """A rule that cannot run, which is not the same as a rule that failed."""


@dataclass(frozen=True, kw_only=True)
class DomainRule:
    """What raw rows of a domain must be, and what becomes of those that are not."""

    rule: str
    domain: str
    expectation: str
    arguments: Mapping[str, Any]
    when: Mapping[str, Any]
    action: str
    message: str

    def as_rule(self, column: str | None = None) -> Rule:
        """The rule as tables are held against it.

        Args:
            column: The variable, for a rule of every datetime.
        """
        arguments, when = dict(self.arguments), dict(self.when)
        if column:
            arguments["column"] = column
            when[f"_{column}_precision"] = None
        return Rule(
            table=f"raw.{self.domain.lower()}",
            expectation=self.expectation,
            arguments=arguments,
            when=when,
            severity=ACTIONS[self.action],
        )


def read_domain_rules(root: Path) -> tuple[DomainRule, ...]:
    """The rules of raw domains, in the order they are tried.

    Args:
        root: The folder that holds ``reference/``.

    Raises:
        RuleError: If an action is unknown.
    """
    path = root / "reference" / "domain_rules.csv"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return tuple(rule for row in csv.DictReader(lines) for rule in _rules(row))


def _rules(row: Mapping[str, str]) -> Iterator[DomainRule]:
    if row["action"] not in ACTIONS:
        raise RuleError(f"{row['rule']}: action is {row['action']}; it is one of {', '.join(ACTIONS)}.")
    for domain in row["domain"].split():
        yield DomainRule(
            rule=row["rule"],
            domain=domain,
            expectation=row["expectation"],
            arguments=_mapping(row["arguments"].replace("--", domain.lower())),
            when=_mapping(row["when"].replace("--", domain.lower())),
            action=row["action"],
            message=row["message"],
        )


def _mapping(text: str) -> dict[str, Any]:
    return yaml.safe_load(f"{{{text}}}") or {}
