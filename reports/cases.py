"""Cases: subjects whose course is told one by one, and what is known of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import polars as pl

from reports.material import Material


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who the case is, why it is one, and whether the subject died; days are elapsed days from the first dose.

    Args:
        place: Place among the cases, 1 for the worst.
        of_all: How many cases there are, the ones that are not carried too.
        is_severe: CRS of grade 3 or higher, or whose grade is not known and may be.
        is_dead: A death.
        is_differing: Reported and derived grade that differ by more than the records allow.
        source: Primary source, reported or derived.
        scale: Primary scale.
        to_day: Day at which the profile ends.
        fever_c: Temperature from which it is fever, degrees Celsius.
    """

    place: int
    of_all: int
    is_severe: bool
    is_dead: bool
    is_differing: bool
    source: str
    scale: str
    to_day: float
    fever_c: float | None
    studyid: str
    usubjid: str
    age: float | None
    sex: str | None
    indication: str | None
    therapy: str | None
    dose: float | None
    dose_unit: str | None
    dose_level: str | None
    doses: int | None
    tumour_burden: float | None
    tumour_burden_unit: str | None
    tumour_burden_level: str | None
    dosed: str | None
    premedfl: str | None
    died: str | None
    death_day: float | None
    death_at: float | None
    cause: str | None
    fatal_events: str | None
    last_alive: str | None
    episodes: int | None
    grade: int | None
    grade_min: int | None
    grade_max: int | None


@dataclass(frozen=True, kw_only=True)
class Episode:
    """An episode of CRS by the primary source and scale; ``worst`` is when its grade was first reached.

    ``dose_number`` is the last dose before it."""

    place: int
    episode: int
    began: str
    day: float | None
    ended: str
    duration_days: float | None
    ongoing: bool
    outcome: str
    dose_number: int | None
    grade: int | None
    grade_min: int | None
    grade_max: int | None
    why_no_grade: str | None
    worst: str | None
    worst_day: float | None
    end_day: float


@dataclass(frozen=True, kw_only=True)
class Extreme:
    """The worst value of a vital sign or laboratory test in an episode; censored is < or > beyond a limit."""

    place: int
    episode: int
    test: str
    value: float
    censored: str | None
    unit: str | None
    is_after_tocilizumab: bool
    at: str
    day: float | None


@dataclass(frozen=True, kw_only=True)
class Given:
    """A drug, device or stay: as recorded, what is read from it, and when."""

    place: int
    treatment: str
    name: str | None
    dose: float | None
    dose_unit: str | None
    finding: str | None
    occasion: str
    began: str
    day: float | None
    from_day: float
    to_day: float | None


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of time in which a source and scale give one grade."""

    place: int
    source: str
    scale: str
    episode: int
    grade: int | None
    from_day: float
    to_day: float


@dataclass(frozen=True, kw_only=True)
class Grade:
    """The highest grade of the subject by a source and scale; 0 without CRS."""

    place: int
    source: str
    scale: str
    grade: int | None
    grade_min: int | None
    grade_max: int | None
    episodes: int


@dataclass(frozen=True, kw_only=True)
class Vital:
    """A reading; whether it counted as a sign of CRS."""

    place: int
    test: str
    day: float
    value: float
    is_sign: bool


@dataclass(frozen=True, kw_only=True)
class Lab:
    """A laboratory value; censored is < or > beyond a limit."""

    place: int
    test: str
    day: float
    value: float
    unit: str | None
    censored: str | None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A raw record that sets the grade of an episode on the primary scale, and the rule that it meets."""

    place: int
    source: str
    scale: str
    episode: int
    meaning: str | None
    variable: str
    value: str | None
    domain: str
    seq: int | None
    file: str
    row: int
    at: str | None
    day: float | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What differs between the reported and the derived grade on one scale."""

    place: int
    finding: str
    reported_grade: int | None
    derived_grade: int | None
    reported_scale: str
    scale: str


@dataclass(frozen=True, kw_only=True)
class Other:
    """ICANS or IEC-HS: its highest grade by a source, and when it was first seen."""

    place: int
    source: str
    event: str
    grade: int | None
    began: str
    day: float | None


@dataclass(frozen=True, kw_only=True)
class Case:
    """All that is told of one subject."""

    person: Person
    episodes: tuple[Episode, ...]
    extremes: tuple[Extreme, ...]
    given: tuple[Given, ...]
    segments: tuple[Segment, ...]
    grades: tuple[Grade, ...]
    vitals: tuple[Vital, ...]
    labs: tuple[Lab, ...]
    evidence: tuple[Evidence, ...]
    differing: tuple[Difference, ...]
    other: tuple[Other, ...]


PARTS: Mapping[str, type[Any]] = {
    "episodes": Episode,
    "extremes": Extreme,
    "given": Given,
    "segments": Segment,
    "grades": Grade,
    "vitals": Vital,
    "labs": Lab,
    "evidence": Evidence,
    "differing": Difference,
    "other": Other,
}
Row = TypeVar("Row")


def cases(material: Material) -> tuple[Case, ...]:
    """The cases, worst first.

    Args:
        material: ``cases`` has a table for each class here but ``Case``, with its fields as columns.
    """
    found = {name: _by_place(material.cases[name], kind) for name, kind in PARTS.items()}
    people = _rows(material.cases["people"], Person)
    return tuple(map(partial(_case, found), people))


def _case(found: Mapping[str, Mapping[int, list[Any]]], person: Person) -> Case:
    return Case(person=person, **{name: tuple(rows.get(person.place, ())) for name, rows in found.items()})


def _rows(table: pl.DataFrame, kind: type[Row]) -> list[Row]:
    return [kind(**row) for row in table.iter_rows(named=True)]


def _by_place(table: pl.DataFrame, kind: type[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in _rows(table, kind):
        grouped.setdefault(row.place, []).append(row)
    return grouped
