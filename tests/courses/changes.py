"""A course and the same course changed, of which something must hold."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from random import Random
from typing import NamedTuple

from tests.courses.chance import course_by
from tests.courses.contract import VASOPRESSORS
from tests.courses.course import Course, Drug, Pressure, Support, Temperature

ROWS = ("temps", "sbps", "drugs", "boluses", "support", "labs")


class Change(NamedTuple):
    """Before and after."""

    before: Course
    after: Course


def changes(how: Callable[[Random, Course], Course | None], number: int, seed: int) -> list[Change]:
    """So many courses of those that can be changed in this way, each with the changed one."""
    chance = Random(seed)
    made = (Change(course, how(chance, course)) for course in iter(lambda: course_by(chance), None))
    return list(islice((change for change in made if change.after is not None), number))


def shifted(course: Course, hours: float) -> Course:
    """The course so many hours later."""

    def later(row: tuple) -> tuple:
        times = {name: getattr(row, name) for name in ("hour", "start", "end") if name in row._fields}
        return row._replace(**{name: hour + hours for name, hour in times.items() if hour is not None})

    return replace(
        course,
        **{name: tuple(later(row) for row in getattr(course, name)) for name in ROWS},
        doses=tuple(dose + hours for dose in course.doses),
        death=None if course.death is None else course.death + hours,
        follow=course.follow + hours,
    )


def split(chance: Random, course: Course) -> Course | None:
    """One record of a drug or a fluid as two that touch; none where that would end an open record."""
    name = chance.choice(("drugs", "drugs", "boluses"))
    records = getattr(course, name)
    if not records:
        return None
    number = chance.randrange(len(records))
    record = records[number]
    others = [other for place, other in enumerate(records) if place != number and _alike(record, other)]
    # An open bolus lasts as long as a reading holds, from its own start.
    if any(other.end is None for other in others) or (record.end is None and (others or name == "boluses")):
        return None
    # A record after the end of follow-up would be one more contact.
    last = min(record.start + 2, course.followed_until) if record.end is None else record.end
    if last <= record.start:
        return None
    middle = record.start + (last - record.start) * chance.choice((0.25, 0.5, 0.75))
    halves = (record._replace(end=middle), record._replace(start=middle))
    return replace(course, **{name: (*records[:number], *halves, *records[number + 1 :])})


def _alike(record: tuple, other: tuple) -> bool:
    return not isinstance(record, Drug) or record.agent == other.agent


def worsened(chance: Random, course: Course) -> Course | None:
    """The course with one sign made worse, or with one more that has an end."""
    return chance.choice((_hotter, _lower, _one_more_vasopressor, _ventilated))(chance, course)


def _hotter(chance: Random, course: Course) -> Course:
    number = chance.randrange(len(course.temps))
    hotter = Temperature(course.temps[number].hour, 40.5)
    return replace(course, temps=(*course.temps[:number], hotter, *course.temps[number + 1 :]))


def _lower(chance: Random, course: Course) -> Course | None:
    if not course.sbps:
        return None
    number = chance.randrange(len(course.sbps))
    lower = Pressure(course.sbps[number].hour, 50)
    return replace(course, sbps=(*course.sbps[:number], lower, *course.sbps[number + 1 :]))


def _one_more_vasopressor(chance: Random, course: Course) -> Course | None:
    # A further record of one agent would end an open one.
    agents = sorted(set(VASOPRESSORS) - {drug.agent for drug in course.drugs})
    if not agents:
        return None
    start = float(chance.randint(0, 30))
    more = Drug(chance.choice(agents), start, start + chance.choice((1.0, 6.0, 30.0)), 5.0, "ug/min")
    return _followed(replace(course, drugs=(*course.drugs, more)))


def _ventilated(chance: Random, course: Course) -> Course | None:
    if any(support.end is None for support in course.support):
        return None
    start = float(chance.randint(0, 30))
    more = Support("INVASIVE MECHANICAL VENTILATION", None, start, start + chance.choice((1.0, 6.0, 30.0)))
    return _followed(replace(course, support=(*course.support, more)))


def _followed(course: Course) -> Course:
    return replace(course, follow=max(course.follow, course.latest_record))
