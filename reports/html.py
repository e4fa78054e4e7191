"""Sections as HTML."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.phrases import Number
from reports.section import Answers, Figure, Fold
from reports.tables import Table

ROOM = Path(__file__).parent
# Where a line must not end: before a per cent sign, within "95 % CI", "day 7" and "≥ 3".
_TIED = re.compile(r" (?=%)|(?<=%) (?=CI)|(?<=[Dd]ay) (?=\d)|(?<=≥) ")
_BLOCKS = {Table: "table", Figure: "figure", Answers: "answers", Fold: "fold"}


@cache
def templates() -> Environment:
    """The templates, which escape whatever is put in."""
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests["number"] = lambda part: isinstance(part, Number)
    made.filters["kind"] = lambda block: _BLOCKS[type(block)]
    made.filters["unbroken"] = _unbroken
    return made


def _unbroken(text: str) -> str:
    return _TIED.sub("\N{NO-BREAK SPACE}", text)


def stylesheet() -> str:
    """The style of every report."""
    return (ROOM / "style.css").read_text(encoding="utf-8")
