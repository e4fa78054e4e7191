"""The audit log: what was run, refused, overridden and released, each line holding the hash of the line before."""

from pipelines.audit.checking import Checked, Line, check
from pipelines.audit.entry import Entry, told_of, who
from pipelines.audit.log import Head, Log

__all__ = ["Checked", "Entry", "Head", "Line", "Log", "check", "told_of", "who"]
