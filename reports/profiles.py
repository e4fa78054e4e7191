"""Patient profiles: everything of one subject on one axis of days, as lanes that the page's script draws."""

from collections.abc import Iterator

from reports.cases import Case, Given, Other, Segment
from reports.narratives import what_of
from reports.sentences import TESTS, TREATMENTS, unit
from reports.words import days, rounded

_FROM = -1
# A scale has at least these, so that profiles compare and the noise of a normal course does not look like illness.
_RANGES = {
    "TEMP": (36, 40),
    "SYSBP": (70, 140),
    "OXYSAT": (85, 100),
    "FERRITIN": (100, 10_000),
    "CRP": (1, 300),
    "IL6": (1, 10_000),
}
# A drug given within minutes is a mark; support lasts and is a bar.
_LASTING = ("respiratory_support", "vasopressors", "icu")
Lane = dict[str, object]


def profile(case: Case) -> dict[str, object]:
    """The lanes from top to bottom, first what decides: grades, signs, support, drugs, laboratory; then other scales.

    Args:
        case: One subject.

    Returns:
        ``from`` and ``to``, days; ``lanes``, each with its ``name`` and ``bars`` (from, to or nothing, text and reason,
        or the grade) or ``points`` (day, value, 1 for a sign of CRS, < or >) with the ``range`` that its scale has at
        least; ``ends``, moments across all lanes.
    """
    person = case.person
    events = [_event(one) for one in case.other if one.grade != 0 and one.day is not None and one.day <= person.to_day]
    return {
        "from": _FROM,
        "to": _short(person.to_day),
        "lanes": [
            *_grades(case, True),
            *([{"name": "Other events, first seen", "bars": events, "kind": "drugs"}] if events else []),
            *_vitals(case),
            *_treatments(case),
            *_labs(case),
            *_grades(case, False),
        ],
        "ends": [] if person.death_at is None else [[_short(person.death_at), f"died, day {days(person.death_at)}"]],
    }


def _short(day: float) -> float:
    """To a hundredth of a day, which is less than a pixel."""
    return float(rounded(day, 2))


def _grades(case: Case, is_primary: bool) -> Iterator[Lane]:
    found: dict[tuple[str, str], list[Segment]] = {}
    for one in case.segments:
        if (one.scale == case.person.scale) == is_primary:
            found.setdefault((one.source, one.scale), []).append(one)
    for source, scale in sorted(found, key=lambda key: (key[0] != case.person.source, key)):
        bars = [[_short(one.from_day), _short(one.to_day), one.grade] for one in found[source, scale]]
        name = f"{source.capitalize()} grade, {scale}"
        yield {"name": name, "bars": bars, "kind": "grades" if is_primary else "small"}


def _event(one: Other) -> list[object]:
    grade = "without a grade" if one.grade is None else f"grade {one.grade}"
    return [_short(one.day or 0.0), None, f"{one.event} {grade}, {one.source}", ""]


def _vitals(case: Case) -> Iterator[Lane]:
    for test, (name, own) in TESTS.items():
        points = [[_short(one.day), one.value, int(one.is_sign), ""] for one in case.vitals if one.test == test]
        if own:
            limit = case.person.fever_c if test == "TEMP" else None
            yield {"name": f"{name.capitalize()}, {own}", "points": points, "range": _RANGES[test], "limit": limit}


def _treatments(case: Case) -> Iterator[Lane]:
    for kind, name in TREATMENTS.items():
        bars = [_given(one) for one in case.given if one.treatment == kind and _is_in(one, case.person.to_day)]
        if bars or kind not in ("icu", "other_anticytokine"):
            yield {"name": name.capitalize(), "bars": bars, "kind": "support" if kind in _LASTING else "drugs"}


def _is_in(one: Given, to_day: float) -> bool:
    return one.from_day <= to_day and (one.from_day if one.to_day is None else one.to_day) >= _FROM


def _given(one: Given) -> list[object]:
    what = what_of(one)
    to = None if one.to_day is None else _short(one.to_day)
    # The reason is told when the mark is pointed at, where there is room.
    short, *why = what.split(" for ", 1)
    return [_short(one.from_day), to, short, f"for {why[0]}" if why else ""]


def _labs(case: Case) -> Iterator[Lane]:
    for test, (name, own) in TESTS.items():
        found = [one for one in case.labs if one.test == test]
        if own:
            continue
        label = ", ".join(
            part for part in (f"{name[0].upper()}{name[1:]}", unit(found[0].unit) if found else "") if part
        )
        points = [[_short(one.day), one.value, 0, one.censored or ""] for one in found]
        yield {"name": label, "points": points, "range": _RANGES[test], "is_log": True}
