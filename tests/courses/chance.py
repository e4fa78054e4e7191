"""Nasty courses by chance: hours on a coarse grid, so that edges fall together, and any kind of record left out by turns."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol, TypeVar

from tests.courses.contract import CANNULA, CLOTTING, DEVICES, TOXICITIES, VASOPRESSIN_CLASS, VASOPRESSORS
from tests.courses.course import Bolus, Course, Drug, Lab, Pressure, Support, Temperature

Option = TypeVar("Option")
Rate = tuple[float | None, str | None]


class Chance(Protocol):
    """Where choices come from: a seeded random number generator, or hypothesis."""

    def choice(self, options: Sequence[Option], /) -> Option: ...
    def randint(self, least: int, most: int, /) -> int: ...


class Shape(NamedTuple):
    """The hours at which things happen, and how many of a kind at most."""

    hours: Sequence[float]
    most: int


SHAPES = (
    # Everything at once, around the first infusion.
    Shape([float(hour) for hour in range(-4, 15)], 4),
    # Some time apart.
    Shape([float(day * 24 + hour) for day in (0, 0, 1, 7) for hour in range(-6, 24)], 3),
    # A reading's hold and then seven days, or nearly; and the end of a window of thirty days.
    Shape([-1.0, 0.0, 1.0, 12.0, 24.0, 179.0, 180.0, 181.0, 192.0, 719.0, 720.0, 721.0], 2),
)
DURATIONS_H = (1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0, 30.0, None, None)
TEMPERATURES = (
    *((38.6, "C"), (39.5, "C"), (38.0, "C"), (37.9, "C"), (37.0, "C")),
    *((101.5, "F"), (100.4, "F"), (100.3, "F"), (98.6, "F")),
)
PRESSURES_MMHG = (60.0, 75.0, 80.0, 84.0, 88.0, 89.0, 90.0, 118.0)
UNKNOWN: Rate = (None, None)
NOT_TOLD: tuple[Rate, ...] = (UNKNOWN, (None, "ug/min"), (5.0, None), (5.0, "mL/h"))
# Each with both sides of its edges, alone and together at 70 kg.
RATES: dict[str, tuple[Rate, ...]] = {
    "NOREPINEPHRINE": (
        (4, "ug/min"),
        (7, "ug/min"),
        (10, "ug/min"),
        (20, "ug/min"),
        (0.1, "ug/kg/min"),
        (0.2, "ug/kg/min"),
    ),
    "EPINEPHRINE": ((3.5, "ug/min"), (10, "ug/min"), (0.05, "ug/kg/min"), (0.1, "ug/kg/min")),
    "PHENYLEPHRINE": ((70, "ug/min"), (200, "ug/min"), (1.0, "ug/kg/min"), (6, "mg/h")),
    "DOPAMINE": ((5, "ug/kg/min"), (8, "ug/kg/min"), (10, "ug/kg/min"), (350, "ug/min")),
    "ANGIOTENSIN II": ((1, "ug/min"),),
    "VASOPRESSIN": ((2, "ug/min"),),
    "TERLIPRESSIN": ((2, "ug/min"),),
}
WAIVERS = ("TOCILIZUMAB", "TOCILIZUMAB", "DEXAMETHASONE", "PARACETAMOL", "CORTICOSTEROIDS")
OTHERS = ("DOBUTAMINE", "ONDANSETRON", *CLOTTING)
FLOWS_LPM = (None, 2.0, 4.75, 5.0, 6.0, 6.5, 15.0)
INDICATIONS = (None, "HYPOXIA", "HYPOXIA", "HYPOXIA", "SLEEP APNOEA", "AIRWAY PROTECTION", "PROCEDURE")
FIO2_PERCENT = (None, None, None, 35.0, 40.0)
UPPER_LIMITS = {"ALT": 40.0, "AST": 40.0, "BILI": 20.0, "CREAT": 80.0}
MULTIPLES = (0.5, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 25.0)


def course_by(chance: Chance) -> Course:
    """One subject's course, in which anything may meet anything."""
    shape = chance.choice(SHAPES)
    later_doses = {chance.choice((1.0, 6.0, 12.0, 24.0, 180.0, 181.0)) for _ in range(chance.choice((0, 0, 1, 2, 3)))}
    death = chance.choice((None, None, None, 8.0, 20.0, 181.0, 800.0))
    kinds = {"sbps": _pressure, "boluses": _bolus, "labs": _lab}
    found = {name: _some(chance, shape, kind, shape.most) for name, kind in kinds.items()}
    course = Course(
        age=chance.choice((55, 55, None, 10, 9, 5, 1)),
        weight_kg=chance.choice((70.0, 70.0, None, 62.5)),
        doses=(0.0, *sorted(later_doses)),
        temps=tuple(_temperature(chance, shape) for _ in range(chance.randint(1, 2 * shape.most))),
        drugs=_drugs(chance, shape),
        support=(*_some(chance, shape, _support, shape.most), *_some(chance, shape, _support_before, 1)),
        death=death,
        crs_fatal=death is not None and chance.choice((True, False)),
        **found,
    )
    # Every record is a contact, so that nobody is followed for less than their records.
    known_until = max(course.latest_record, death or 0)
    return replace(course, follow=max(known_until, chance.choice((0.0, 20.0, 36.0, 1440.0, 1440.0))))


def _some(chance: Chance, shape: Shape, kind: Callable[[Chance, Shape], Option], most: int) -> tuple[Option, ...]:
    """None of the kind as often as not, so that now and then one sign alone decides."""
    return tuple(kind(chance, shape) for _ in range(chance.choice((0, 1)) * chance.randint(1, most)))


def _drugs(chance: Chance, shape: Shape) -> tuple[Drug, ...]:
    runs = _some(chance, shape, _rate_changes, shape.most)
    kinds = ((VASOPRESSIN_CLASS, 1), (WAIVERS, 2), (OTHERS, 1))
    others = (_some(chance, shape, lambda by, at, of=of: _drug(by, at, by.choice(of)), most) for of, most in kinds)
    return tuple(drug for drugs in (*runs, *others) for drug in drugs)


def _rate_changes(chance: Chance, shape: Shape) -> list[Drug]:
    """One vasopressor without a break, in one record or in some that touch."""
    records = [_drug(chance, shape, chance.choice(VASOPRESSORS))]
    for _ in range(chance.choice((0, 0, 1, 2))):
        last = records[-1]
        if last.end is not None:
            duration = chance.choice((1.0, 2.0, 12.0, 24.0))
            records.append(Drug(last.agent, last.end, last.end + duration, *_rate(chance, last.agent)))
    return records


def _drug(chance: Chance, shape: Shape, agent: str) -> Drug:
    return Drug(agent, *_lasting(chance, shape), *_rate(chance, agent))


def _rate(chance: Chance, agent: str) -> Rate:
    known = RATES.get(agent, (UNKNOWN,))
    return chance.choice(known) if chance.randint(0, 4) else chance.choice(NOT_TOLD)


def _lasting(chance: Chance, shape: Shape) -> tuple[float, float | None]:
    start, duration = chance.choice(shape.hours), chance.choice(DURATIONS_H)
    return start, None if duration is None else start + duration


def _support(chance: Chance, shape: Shape) -> Support:
    device = chance.choice((CANNULA, CANNULA, *DEVICES))
    flow = chance.choice(FLOWS_LPM) if device in (CANNULA, "OXYGEN THERAPY") else None
    return Support(device, flow, *_lasting(chance, shape), chance.choice(INDICATIONS), chance.choice(FIO2_PERCENT))


def _support_before(chance: Chance, shape: Shape) -> Support:
    """What may be running at the first infusion."""
    usual = _support(chance, shape)
    device = chance.choice((CANNULA, CANNULA, "OXYGEN THERAPY", usual.device))
    return usual._replace(device=device, start=-2.0, end=chance.choice((None, 0.0, 6.0, 30.0)))


def _bolus(chance: Chance, shape: Shape) -> Bolus:
    return Bolus(*_lasting(chance, shape))


def _lab(chance: Chance, shape: Shape) -> Lab:
    test = chance.choice(tuple(TOXICITIES))
    return Lab(test, chance.choice(shape.hours), UPPER_LIMITS[test] * chance.choice(MULTIPLES), UPPER_LIMITS[test])


def _temperature(chance: Chance, shape: Shape) -> Temperature:
    return Temperature(chance.choice(shape.hours), *chance.choice(TEMPERATURES))


def _pressure(chance: Chance, shape: Shape) -> Pressure:
    return Pressure(chance.choice(shape.hours), chance.choice(PRESSURES_MMHG))
