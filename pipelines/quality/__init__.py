"""Hold tables against their rules with Great Expectations; quarantine raw rows; keep what was found."""

from pipelines.quality.holding import Outcome, hold, record
from pipelines.quality.rules import DomainRule, RuleError, read_domain_rules
from pipelines.quality.screening import screen

__all__ = ["DomainRule", "Outcome", "RuleError", "hold", "read_domain_rules", "record", "screen"]
