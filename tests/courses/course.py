"""What happened to one subject, in hours from the first planned dose; quarters of an hour are exact."""

import json
from dataclasses import dataclass
from typing import NamedTuple

from tests.shared import SHARED

# Long after every course: the data cut ends none of them.
CUT_H = 9600.0


class Temperature(NamedTuple):
    """One TEMP reading, its unit C or F."""

    hour: float
    value: float
    unit: str = "C"


class Pressure(NamedTuple):
    """One SYSBP reading."""

    hour: float
    mmhg: float


class Drug(NamedTuple):
    """One record of a drug given, by its CMDECOD; without an end it is open."""

    agent: str
    start: float
    end: float | None = None
    dose: float | None = None
    unit: str | None = None


class Bolus(NamedTuple):
    """One intravenous fluid given for hypotension."""

    start: float
    end: float | None = None


class Support(NamedTuple):
    """One record of respiratory support, by its PRDECOD."""

    device: str
    flow_lpm: float | None
    start: float
    end: float | None = None
    indication: str | None = None
    fio2_percent: float | None = None


class Lab(NamedTuple):
    """One laboratory result and the upper limit of its normal range, in one unit."""

    testcd: str
    hour: float
    value: float
    upper_limit: float


@dataclass(frozen=True, kw_only=True)
class Course:
    """One subject. Last contact is at ``follow``, and CRS is reported fatal when ``crs_fatal``."""

    age: int | None = 55
    weight_kg: float | None = None
    doses: tuple[float, ...] = (0.0,)
    temps: tuple[Temperature, ...] = ()
    sbps: tuple[Pressure, ...] = ()
    drugs: tuple[Drug, ...] = ()
    boluses: tuple[Bolus, ...] = ()
    support: tuple[Support, ...] = ()
    labs: tuple[Lab, ...] = ()
    death: float | None = None
    crs_fatal: bool = False
    follow: float = 1440.0

    @property
    def first_dose(self) -> float:
        """The first study infusion."""
        return min(self.doses)

    @property
    def latest_record(self) -> float:
        """The latest hour of any record."""
        lasting = (*self.drugs, *self.boluses, *self.support)
        read = (row.hour for row in (*self.temps, *self.sbps, *self.labs))
        return max(*self.doses, *read, *(row.start for row in lasting), *(row.end or row.start for row in lasting))

    @property
    def followed_until(self) -> float:
        """The earliest of death, last contact and data cut."""
        return min(self.follow, CUT_H, *([] if self.death is None else [self.death]))


class Vignette(NamedTuple):
    """A course and its ASTCT 2019 answer: onset, end, lowest and highest grade of each episode."""

    name: str
    course: Course
    expect: list[tuple[float, float, int, int]]


def vignettes() -> list[Vignette]:
    """The courses of the shared vignettes with the answers that stand beside them."""
    cases = json.loads((SHARED / "data/vignettes.json").read_text())["cases"]
    return [
        Vignette(name=case["name"], course=_course(case), expect=[tuple(episode) for episode in case["expect"]])
        for case in cases
    ]


def _course(case: dict) -> Course:
    return Course(
        age=case["age"],
        doses=tuple(case["doses"]),
        temps=tuple(Temperature(*row) for row in case["temps"]),
        sbps=tuple(Pressure(*row) for row in case["sbps"]),
        drugs=tuple(Drug(*row) for row in case["drugs"]),
        support=tuple(Support(*row) for row in case["support"]),
        death=case["death"],
        crs_fatal=case["crs_fatal"],
        follow=case["follow"],
    )
