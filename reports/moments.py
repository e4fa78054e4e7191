"""The main moments of a case and the records behind its grades, as rows of text."""

from collections.abc import Iterator

from reports.cases import Case
from reports.narratives import value_of, what_of
from reports.words import days, rounded

Moment = tuple[str, str, str]
_DATE = 10


def moments(case: Case) -> tuple[Moment, ...]:
    """Day, date and what it was, in the order of time; what has no day comes last.

    Args:
        case: One subject.
    """
    found = sorted(_moments(case), key=lambda one: (one[0] is None, one[0] or 0.0))
    return tuple((_day(day, at), at or "not recorded", what) for day, at, what in found)


def _day(day: float | None, at: str | None) -> str:
    if day is None:
        return ""
    return rounded(day, 0) if at and len(at) == _DATE else days(day)


def _moments(case: Case) -> Iterator[tuple[float | None, str | None, str]]:
    person = case.person
    for episode in case.episodes:
        yield episode.day, episode.began, f"CRS begins (episode {episode.episode})"
        if episode.grade is not None and episode.grade < 5:
            yield episode.worst_day, episode.worst, f"Grade {episode.grade}, {person.source} ({person.scale})"
        yield episode.end_day, episode.ended, f"CRS {_END.get(episode.outcome, 'last known')}"
    for extreme in case.extremes:
        said = value_of(extreme)
        yield extreme.day, extreme.at, f"{said[0].upper()}{said[1:]}"
    for one in case.given:
        said = what_of(one)
        yield one.day, one.began, f"{said[0].upper()}{said[1:]}"
    for event in case.other:
        if event.grade != 0:
            yield event.day, event.began, f"{event.event}, grade {event.grade or 'not known'}, {event.source}"
    if person.is_dead:
        yield person.death_day, person.died, "Death"


_END = {"resolved": "resolved", "resolved with sequelae": "resolved with sequelae", "fatal": "fatal"}
EVIDENCE = ("Source", "Why", "Record", "Value", "File, row")


def evidence(case: Case) -> tuple[tuple[str, ...], ...]:
    """The raw records that set the grade on the primary scale: source, rule, record, value, place."""
    return tuple(
        (
            one.source,
            one.meaning or "",
            f"{one.domain} {one.seq or ''} {one.variable}, {one.at or 'no date'}",
            one.value or "",
            f"{one.file}, {one.row}",
        )
        for one in case.evidence
    )
