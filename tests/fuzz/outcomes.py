"""What becomes of one damaged file: read with everything accounted for, refused in a sentence, or neither."""

import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

READ, REFUSED, BROKEN = "read", "refused", "broken"
LONGEST_SENTENCE = 600


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a file, and what was said of it."""

    kind: str
    said: str = ""


def outcome_of(
    attempt: Callable[[Path], str], refusals: tuple[type[Exception], ...], is_well_said: Callable[[str], bool]
) -> Outcome:
    """What became of an attempt.

    Args:
        attempt: Given an empty folder, says what is not accounted for, or "".
        refusals: The errors that a refusal may be.
        is_well_said: Whether a refusal's text is one that can be told to people.
    """
    with tempfile.TemporaryDirectory() as folder, _passed_over() as passed_over:
        try:
            wrong, kind = attempt(Path(folder)), READ
        except refusals as error:
            wrong, kind = str(error), REFUSED
        # What polars panics with is no Exception.
        except (Exception, pl.exceptions.PanicException) as error:
            return Outcome(kind=BROKEN, said="".join(traceback.format_exception(error)[-4:]))
    if passed_over:
        return Outcome(kind=BROKEN, said="; ".join(passed_over))
    is_fine = is_well_said(wrong) if kind == REFUSED else not wrong
    return Outcome(kind=kind if is_fine else BROKEN, said=wrong)


@contextmanager
def _passed_over() -> Iterator[list[str]]:
    """What a library raised and went on from: it is printed to people as a traceback."""
    found: list[str] = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda told: found.append(repr(told.exc_value))
    try:
        yield found
    finally:
        sys.unraisablehook = before
