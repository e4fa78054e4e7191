"""The rules of raw domains, from sql/reference/domain_rules.csv."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.models import Rule
from pipelines.quality.reading import RuleError

# What becomes of rows that break a rule, and how severe a finding that is.
ACTIONS = {"refuse": "critical", "quarantine": "quarantine", "warn": "warning"}
# Stands for each variable of the type in the domain's contract.
EVERY_DATETIME = "every datetime"


@dataclass(frozen=True, kw_only=True)
class DomainRule(Rule):
    """What raw rows of a domain must be; its severity tells what becomes of those that are not."""

    rule: str
    domain: str

    @property
    def name(self) -> str:
        """The rule's name, as domain_rules.csv gives it."""
        return self.rule


def read_domain_rules(root: Path) -> tuple[DomainRule, ...]:
    """The rules of raw domains, in the order they are tried, each of one domain and variable.

    Args:
        root: The folder that holds ``reference/``.

    Raises:
        RuleError: If an action is unknown.
    """
    datetimes = _datetimes(root)
    return tuple(rule for row in _lines(root, "domain_rules") for rule in _rules(row, datetimes))


def _datetimes(root: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _lines(root, "sdtm_variables"):
        if row["type"] == "datetime":
            found.setdefault(row["domain"], []).append(row["variable"].lower())
    return found


def _lines(root: Path, name: str) -> list[dict[str, str]]:
    lines = (root / "reference" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _rules(row: Mapping[str, str], datetimes: Mapping[str, list[str]]) -> Iterator[DomainRule]:
    if row["action"] not in ACTIONS:
        raise RuleError(
            f"domain_rules.csv: {row['rule']}: the action is {row['action']}; write one of {', '.join(ACTIONS)}."
        )
    for domain in row["domain"].split():
        arguments = _mapping(row["arguments"], domain)
        if arguments.get("column") != EVERY_DATETIME:
            yield _rule(row, domain, row["rule"], arguments)
            continue
        for column in datetimes[domain]:
            yield _rule(row, domain, f"{row['rule']}_{column}", {**arguments, "column": column})


def _rule(row: Mapping[str, str], domain: str, name: str, arguments: Mapping[str, Any]) -> DomainRule:
    return DomainRule(
        rule=name,
        domain=domain,
        table=f"raw.{domain.lower()}",
        expectation=row["expectation"],
        arguments=arguments,
        when=_mapping(row["when"], domain),
        severity=ACTIONS[row["action"]],
        message=row["message"],
    )


def _mapping(text: str, domain: str) -> dict[str, Any]:
    """The YAML flow text as a mapping; ``--`` stands for the domain, as in SDTM's own guide."""
    return yaml.safe_load(f"{{{text.replace('--', domain.lower())}}}")
