"""What was there and when: the signs of one course by section 2 of the grading contract, before any episode."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.courses.contract import (
    CANNULA,
    CLOTTING,
    DEVICES,
    OTHER_REASONS,
    TOXICITIES,
    VASOPRESSIN_CLASS,
    VASOPRESSORS,
    Parameters,
)
from tests.courses.course import Course, Drug, Lab, Pressure, Support, Temperature
from tests.courses.given import Fluid, boluses, drugs, ended, waivers
from tests.courses.intervals import Interval, running

Reading = Temperature | Pressure | Lab


class Oxygen(NamedTuple):
    """Support that counts. Level and oxygen (percent) are 0 at least where it may be no more than the baseline."""

    start: float
    end: float
    level_min: int
    level_max: int
    fio2_min: float
    fio2_max: float
    is_ventilator: bool


class Toxicity(NamedTuple):
    """A grade of organ toxicity above that of the baseline."""

    start: float
    end: float
    organ: str
    grade: int


@dataclass(frozen=True, kw_only=True)
class Signs:
    """The signs of a course that began between its first infusion and the end of follow-up; they may end later."""

    fevers: tuple[Interval, ...]
    low_pressures: tuple[Interval, ...]
    boluses: tuple[Fluid, ...]
    vasopressors: tuple[Drug, ...]
    support: tuple[Oxygen, ...]
    toxicities: tuple[Toxicity, ...]
    clotting: tuple[Drug, ...]
    waivers: tuple[float, ...]

    @property
    def of_crs(self) -> list[Interval]:
        """Fever, hypotension and hypoxia, which alone make an episode, in order of time."""
        found = (*self.fevers, *self.low_pressures, *self.boluses, *self.vasopressors, *self.support)
        return sorted(Interval(sign.start, sign.end) for sign in found)


def signs_of(course: Course, parameters: Parameters) -> Signs:
    """The signs of the course."""
    hold, threshold = parameters.reading_hold_h, _threshold(course.age, parameters)
    temps, sbps = _held(course.temps, hold, course), _held(course.sbps, hold, course)
    return Signs(
        fevers=tuple(when for reading, when in temps if _celsius(reading) >= parameters.fever_c),
        low_pressures=tuple(when for reading, when in sbps if reading.mmhg < threshold),
        boluses=tuple(boluses(course, hold)),
        vasopressors=tuple(drugs(course, (*VASOPRESSORS, *VASOPRESSIN_CLASS))),
        support=tuple(_support(course, parameters)),
        toxicities=tuple(_toxicities(course, parameters.laboratory_hold_h)),
        clotting=tuple(drugs(course, CLOTTING)),
        waivers=tuple(sorted(waivers(course.drugs))),
    )


def _celsius(reading: Temperature) -> float:
    return round((reading.value - 32) / 1.8, 1) if reading.unit == "F" else reading.value


def _threshold(age: int | None, parameters: Parameters) -> float:
    if parameters.sbp_mmhg is not None:
        return parameters.sbp_mmhg
    return 90 if age is None or age >= 10 else 70 + 2 * age


def _held(rows: Sequence[Reading], hold: float, course: Course) -> list[tuple]:
    """Each reading of one test after the first infusion, with how long it holds."""
    found = []
    for row in rows:
        following = [later.hour for later in rows if later.hour > row.hour]
        end = min([row.hour + hold, *following])
        if course.first_dose <= row.hour < course.followed_until:
            found.append((row, Interval(row.hour, end)))
    return found


def _support(course: Course, parameters: Parameters) -> Iterator[Oxygen]:
    """Support begun since the first infusion, as far as it is above that which ran then."""
    first = course.first_dose
    records = [record for record in ended(course.support, course) if not _other_reason(record)]
    baseline = [_levels(record, parameters) for record in running(records, first) if record.start < first]
    least, most = (max((levels[bound] for levels in baseline), default=0) for bound in (0, 1))
    for record in records:
        level_min, level_max = _levels(record, parameters)
        if record.start < first or level_max <= least:
            continue
        fio2_min, fio2_max = _fio2(record)
        surely = level_min > most
        yield Oxygen(
            start=record.start,
            end=record.end,
            level_min=level_min if surely else 0,
            level_max=level_max,
            fio2_min=fio2_min if surely else 0,
            fio2_max=fio2_max,
            is_ventilator=DEVICES[record.device].is_ventilator,
        )


def _other_reason(record: Support) -> bool:
    return DEVICES[record.device].level_min == 4 and record.indication in OTHER_REASONS


def _levels(record: Support, parameters: Parameters) -> tuple[int, int]:
    device = DEVICES[record.device]
    if record.device != CANNULA or record.flow_lpm is None:
        return device.level_min, device.level_max
    edge, flow = parameters.low_flow_max_lpm, record.flow_lpm
    level = 2 if flow < edge or (flow == edge and parameters.low_flow_inclusive) else 3
    return level, level


def _fio2(record: Support) -> tuple[float, float]:
    if record.fio2_percent is not None:
        return record.fio2_percent, record.fio2_percent
    if record.device == CANNULA and record.flow_lpm is not None:
        return 20 + 4 * record.flow_lpm, 20 + 4 * record.flow_lpm
    return DEVICES[record.device].fio2_min, DEVICES[record.device].fio2_max


def _toxicities(course: Course, hold: float) -> Iterator[Toxicity]:
    for test, (organ, _) in TOXICITIES.items():
        results = [lab for lab in course.labs if lab.testcd == test]
        before = [lab.hour for lab in results if lab.hour < course.first_dose]
        baseline = max((_toxicity(lab) for lab in results if before and lab.hour == max(before)), default=0)
        for lab, when in _held(results, hold, course):
            if _toxicity(lab) > baseline:
                yield Toxicity(when.start, when.end, organ, _toxicity(lab))


def _toxicity(lab: Lab) -> int:
    return sum(lab.value > multiple * lab.upper_limit for multiple in TOXICITIES[lab.testcd][1])
