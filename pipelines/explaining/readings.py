"""Consecutive readings that say the same of CRS, told as one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pipelines.explaining.facts import Sign

READ_IN = ("VS", "LB")
# Test, amount and unit, such as TEMP 38.6 C.
_FINDING = re.compile(r"(?P<test>\S+) (?P<amount>-?\d+(?:\.\d+)?)(?P<unit>.*)")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One or more signs told as one, in time order."""

    signs: tuple[Sign, ...]

    @property
    def first(self) -> Sign:
        """The first of them, which stands for all in what they say of CRS."""
        return self.signs[0]

    def finding(self) -> str:
        """What they say, with the range of a run of readings, such as TEMP 38.1-39.4 C, 14 readings."""
        if len(self.signs) == 1:
            return self.first.finding
        parts = sorted((match for match in map(_parts, self.signs) if match), key=lambda match: float(match["amount"]))
        lowest, highest = parts[0], parts[-1]
        span = highest["amount"] if lowest["amount"] == highest["amount"] else f"{lowest['amount']}-{highest['amount']}"
        return f"{lowest['test']} {span}{lowest['unit']}, {len(self.signs)} readings"


def told_together(signs: Iterable[Sign]) -> list[Told]:
    """The signs in time order, consecutive readings of one test that say the same as one.

    A reading that counted joins the one before only when that still held: between them another reading
    said that the sign was gone. Readings that did not count join whatever lies between.

    Args:
        signs: Signs of one subject in time order.
    """
    told = [run for _, of_test in groupby(sorted(signs, key=_test), key=_test) for run in _runs(of_test)]
    return sorted(told, key=lambda run: (run.first.start_dtm is None, run.first.start_dtm, run.first.domain))


def _runs(signs: Iterable[Sign]) -> Iterator[Told]:
    run: list[Sign] = []
    for sign in signs:
        if run and not _continues(run[-1], sign):
            yield Told(signs=tuple(run))
            run = []
        run.append(sign)
    yield Told(signs=tuple(run))


def _continues(before: Sign, sign: Sign) -> bool:
    if _parts(sign) is None or _says(before) != _says(sign):
        return False
    if not sign.counted or before.end_dtm is None or sign.start_dtm is None:
        return True
    return sign.start_dtm <= before.end_dtm


def _says(sign: Sign) -> tuple:
    return (sign.sign, sign.level_min, sign.level_max, sign.counted, sign.episode, sign.why_not)


def _test(sign: Sign) -> tuple[str, str, str]:
    parts = _parts(sign)
    return (sign.source, parts["test"], parts["unit"]) if parts else (sign.source, "", sign.sign)


def _parts(sign: Sign) -> re.Match[str] | None:
    return _FINDING.fullmatch(sign.finding) if sign.domain in READ_IN else None
