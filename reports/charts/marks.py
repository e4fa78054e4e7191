"""What the marks of a drawing are: what is said of each when it is pointed at, and whose it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from reports.results import OVERALL, Stratum
from reports.strata import levels_of

# Vega writes this channel as the label of each mark, which is how a mark is found again in the drawing.
MARK = "mark:N"
Row = Mapping[str, object]
_LABELLED = re.compile(r'(<[a-z]+) aria-label="(\d+)"')


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A mark: what it stands for in words, empty where it is a name alone, and the stratum it belongs to."""

    said: str = ""
    whose: Stratum = OVERALL


def numbered(rows: list[dict], marks: list[Mark]) -> list[dict]:
    """The rows with each mark as its number, and the marks added to ``marks`` in that order."""
    return [_numbered(row, marks) for row in rows]


def _numbered(row: dict, marks: list[Mark]) -> dict:
    if "mark" not in row:
        return row
    marks.append(row["mark"])
    return {**row, "mark": str(len(marks) - 1)}


def told(drawn: str, marks: list[Mark]) -> str:
    """The drawing with the words and the stratum of each mark in place of its number.

    Args:
        drawn: An SVG element.
        marks: Its marks, in the order of their numbers.
    """
    return _LABELLED.sub(lambda found: f"{found[1]}{_attributes(marks[int(found[2])])}", drawn)


def _attributes(mark: Mark) -> str:
    told = {"data-said": mark.said, "data-stratum": levels_of(mark.whose)}
    return "".join(f' {name}="{escape(text)}"' for name, text in told.items() if text)
