"""Patient profiles: everything of one subject on one axis of days, as lanes that the page's script draws."""

from collections.abc import Iterable, Iterator

from reports.cases import Case, Given, Lab, Segment, Vital
from reports.narratives import what_of
from reports.sentences import TESTS, TREATMENTS, as_given, measured, unit
from reports.words import days

_FROM = -1
# A drug given within minutes is a mark; support lasts and is a bar.
_LASTING = ("respiratory_support", "vasopressors", "icu")
Lane = dict[str, object]


def profile(case: Case) -> dict[str, object]:
    """The lanes from top to bottom, first what decides: grades, signs, support, drugs, laboratory; then other scales.

    Args:
        case: One subject.

    Returns:
        ``from`` and ``to``, days; ``lanes``, each with its ``name`` and ``bars`` (from, to, text inside, what it is, grade)
        or ``points`` (day, value, what it is, whether it is a sign); ``ends``, moments across all lanes.
    """
    return {
        "from": _FROM,
        "to": _short(case.person.to_day),
        "lanes": [*_grades(case, True), *_vitals(case), *_treatments(case), *_labs(case), *_grades(case, False)],
        "ends": [*_ends(case)],
    }


def _short(day: float) -> float:
    """To a hundredth of a day, which is less than a pixel."""
    return round(day, 2)


def _grades(case: Case, is_primary: bool) -> Iterator[Lane]:
    found: dict[tuple[str, str], list[Segment]] = {}
    for one in case.segments:
        if (one.scale == case.person.scale) == is_primary:
            found.setdefault((one.source, one.scale), []).append(one)
    for (source, scale), segments in sorted(found.items(), key=lambda item: (item[0][0] != case.person.source, item[0])):
        bars = [_grade_bar(one) for one in segments]
        yield {"name": f"Grade {source}, {scale}", "bars": bars, "kind": "grades", "small": not is_primary}


def _grade_bar(one: Segment) -> list[object]:
    said = "no grade" if one.grade is None else f"grade {one.grade}"
    short = "?" if one.grade is None else str(one.grade)
    level = "missing" if one.grade is None else short
    return [_short(one.from_day), _short(one.to_day), short, f"{said}, {_span(one.from_day, one.to_day)}", level]


def _span(start: float, end: float | None) -> str:
    return f"day {days(start)} to {days(end)}" if end is not None else f"day {days(start)}, end not recorded"


def _vitals(case: Case) -> Iterator[Lane]:
    for test, (name, own) in TESTS.items():
        points = [_reading(one) for one in case.vitals if one.test == test]
        if not own:
            continue
        limit = {"limit": case.person.fever_c} if test == "TEMP" and case.person.fever_c is not None else {}
        yield {"name": f"{name.capitalize()}, {own}", "points": points, "low": test != "TEMP", **limit}


def _reading(one: Vital) -> list[object]:
    sign = ", a sign of CRS" if one.is_sign else ""
    # What it is can be told from the name of the lane; only signs are many words.
    return [_short(one.day), one.value, f"{as_given(one.value)}, day {days(one.day)}{sign}", int(one.is_sign)]


def _treatments(case: Case) -> Iterator[Lane]:
    for kind, name in TREATMENTS.items():
        bars = [_given(one) for one in case.given if one.treatment == kind and one.from_day <= case.person.to_day]
        kept = [bar for bar in bars if bar[1] is None or bar[1] >= _FROM]
        if kept or kind not in ("icu", "other_anticytokine"):
            yield {"name": name.capitalize(), "bars": kept, "kind": "support" if kind in _LASTING else "drugs"}


def _given(one: Given) -> list[object]:
    what = what_of(one)
    to = None if one.to_day is None else _short(one.to_day)
    return [_short(one.from_day), to, what, f"{what}, {_span(one.from_day, one.to_day)}", ""]


def _labs(case: Case) -> Iterator[Lane]:
    for test, (name, own) in TESTS.items():
        found = [one for one in case.labs if one.test == test]
        if not own and found:
            label = f"{name[0].upper()}{name[1:]}, {unit(found[0].unit)}"
            yield {"name": label, "points": [_value(one) for one in found], "log": True}


def _value(one: Lab) -> list[object]:
    said = f"{measured(one.test, one.value, one.unit, one.censored)}, day {days(one.day)}"
    return [_short(one.day), one.value, said, 0]


def _ends(case: Case) -> Iterable[list[object]]:
    yield [0, "first dose", ""]
    if case.person.death_at is not None:
        yield [_short(case.person.death_at), f"died, day {days(case.person.death_at)}", "death"]
