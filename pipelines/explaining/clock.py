"""Moments in words, as dates and as time from the first dose."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.explaining.facts import SubjectFacts

DAY = timedelta(days=1)
# Up to two days from the first dose people think in hours.
HOURS_UNTIL = 2 * DAY
WITHOUT_TIME = ("Y", "M", "D")


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Time zero of a subject; only its day is known when the first dose has no time."""

    zero: datetime | None
    is_whole: bool

    def since(self, moment: datetime | None, precision: str | None = None) -> str:
        """Elapsed hours or days from the first dose, whole days when a time is not known; empty without a dose."""
        if self.zero is None or moment is None:
            return ""
        if self.is_whole or precision in WITHOUT_TIME:
            return f"{(moment.date() - self.zero.date()).days:+d} d"
        elapsed = moment - self.zero
        if abs(elapsed) < HOURS_UNTIL:
            return f"{elapsed / timedelta(hours=1):+.1f} h"
        return f"{elapsed / DAY:+.1f} d"


def clock_of(facts: SubjectFacts) -> Clock:
    """The subject's clock."""
    zero = facts.who.trtsdtm
    first = [dose.precision for dose in facts.doses if zero and dose.start_dtm == zero]
    return Clock(zero=zero, is_whole=bool(first) and all(precision in WITHOUT_TIME for precision in first))


def begun(moment: datetime | None, precision: str | None = None) -> str:
    """When something began, as finely as it is known, such as 2026-03-02 06:00."""
    if moment is None:
        return "date not known"
    text = f"{moment:%Y-%m-%d %H:%M}"
    return {"Y": text[:4], "M": text[:7], "D": text[:10]}.get(precision or "m", text)


def ended(moment: datetime, precision: str | None = None) -> str:
    """When something ended, as finely as it is known; midnight is 24:00 of the day before."""
    if precision in WITHOUT_TIME:
        return begun(moment - timedelta(seconds=1), precision)
    if moment.time() == datetime.min.time():
        return f"{moment - DAY:%Y-%m-%d} 24:00"
    return begun(moment)
