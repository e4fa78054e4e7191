"""Hold tables against their rules with Great Expectations; quarantine raw rows; keep what was found."""

from pipelines.quality.holding import Outcome, hold, outcomes_of, record
from pipelines.quality.reading import RuleError
from pipelines.quality.rules import DomainRule, read_domain_rules
from pipelines.quality.screening import ledger, screen

__all__ = [
    "DomainRule",
    "Outcome",
    "RuleError",
    "hold",
    "ledger",
    "outcomes_of",
    "read_domain_rules",
    "record",
    "screen",
]
