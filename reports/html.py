"""Sections as HTML."""

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.phrases import Number
from reports.section import Answers, Figure, Fold, Narratives, Sentence
from reports.strata import levels_of
from reports.tables import Listing, Table

ROOM = Path(__file__).parent
# Where a line must not end: before a per cent sign, within "95 % CI", "day 7" and "≥ 3".
_TIED = re.compile(r" (?=%)|(?<=%) (?=CI)|(?<=[Dd]ay) (?=\d)|(?<=≥) ")
_WIDEST = 48
_BLOCKS = {
    Table: "table",
    Listing: "listing",
    Figure: "figure",
    Answers: "answers",
    Fold: "fold",
    Narratives: "narratives",
    Sentence: "sentence",
}


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
    made.filters["as_json"] = as_json
    made.filters["allowed"] = allowed
    made.filters["levels"] = levels_of
    made.filters["widths"] = _widths
    return made


def _widths(listing: Listing) -> list[int]:
    """Widths of the columns in characters: of the longest text, within reason."""
    longest = [len(heading.label) + 2 for heading in listing.headings]
    for row in listing.rows:
        longest = [max(most, len(text or "")) for most, text in zip(longest, row, strict=True)]
    return [min(most, _WIDEST) + 2 for most in longest]


def _unbroken(text: str) -> str:
    return _TIED.sub("\N{NO-BREAK SPACE}", text)


def script() -> str:
    """What opens the subjects behind a number, searches listings, tells what marks are, and draws profiles."""
    return "\n".join((ROOM / name).read_text(encoding="utf-8") for name in ("script.js", "figures.js", "profiles.js"))


def allowed(text: str) -> str:
    """The only script that the page may run, as its content security policy names it."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def as_json(value: object) -> str:
    """The value as JSON that can stand in a script element whatever text is in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def stylesheet() -> str:
    """The style of every report."""
    return (ROOM / "style.css").read_text(encoding="utf-8")
