"""Names that are known, and the one that was probably meant."""

import csv
import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

# More names than this help nobody.
_FEW = 20


def known_units() -> tuple[str, ...]:
    """The units that can be converted, upper case."""
    return tuple(dict.fromkeys(row["unit"] for row in _reference("units")))


def known_scales() -> dict[str, str]:
    """The grading scales, by every name they go by, upper case."""
    return {row["name"]: row["scale"] for row in _reference("scales")}


def known_terms(concept: str) -> tuple[str, ...]:
    """The terms by which a syndrome is recorded unless study.yaml says otherwise: icans or iec_hs."""
    return tuple(row["term"] for row in _reference("event_terms") if row["concept"] == concept)


def known_items() -> tuple[str, ...]:
    """The items of ICANS, upper case."""
    return tuple(dict.fromkeys(row["item"] for row in _reference("icans_items")))


def known_drugs() -> tuple[str, ...]:
    """The drugs that matter to CRS."""
    return tuple(dict.fromkeys(row["agent"] for row in _reference("drugs")))


def known_devices() -> tuple[str, ...]:
    """The devices of respiratory support."""
    return tuple(dict.fromkeys(row["device"] for row in _reference("devices")))


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known name closest to the word whatever its case, or None when none is close."""
    by_fold = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(str(word).strip().casefold(), by_fold, n=1)
    return by_fold[close[0]] if close else None


def hint(word: object, known: Iterable[str]) -> str:
    """What to write instead of the word: the nearest known name, or else the first few of them."""
    names = list(dict.fromkeys(known))
    close = nearest(word, names)
    if close:
        return f"did you mean {close}?"
    return f"known are {', '.join(names[:_FEW])}{' and more' if len(names) > _FEW else ''}"


def iso_date(text: object) -> date:
    """The date that the text writes as YYYY-MM-DD.

    Raises:
        ValueError: If it is written otherwise, or no such day exists.
    """
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"found {text!r}, expected a date such as 2026-06-30")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"found {text!r}, but there is no such day") from error


@cache
def _reference(table: str) -> tuple[dict[str, str], ...]:
    text = (files("sql") / "reference" / f"{table}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
