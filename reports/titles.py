"""Numbers and titles of sections, tables, figures and listings: one row each of ``titles.csv``."""

import csv
from functools import cache
from pathlib import Path


def titled(key: str, **words: object) -> str:
    """The number and the title, such as ``T1. Subjects with CRS by highest grade``; without a number the title alone.

    Args:
        key: In ``titles.csv``.
        **words: What stands for the words in braces.

    Raises:
        KeyError: If there is no such title, or a word is missing.
    """
    number, title = numbered(key)
    return f"{number}. {title.format(**words)}" if number else title.format(**words)


def numbered(key: str) -> tuple[str, str]:
    """The number, which may be empty, and the title as it stands in ``titles.csv``."""
    return titles()[key]


@cache
def titles() -> dict[str, tuple[str, str]]:
    """Number and title by key."""
    with (Path(__file__).parent / "titles.csv").open(encoding="utf-8", newline="") as lines:
        return {row["key"]: (row["number"], row["title"]) for row in csv.DictReader(lines)}
