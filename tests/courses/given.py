"""What was given and from when to when: drugs, fluids, and any record with a start and perhaps an end."""

from collections.abc import Iterator, Sequence
from math import inf
from typing import NamedTuple

from tests.courses.contract import WAIVING
from tests.courses.course import Bolus, Course, Drug, Support
from tests.courses.intervals import running, stretches

Record = Drug | Bolus | Support


class Fluid(NamedTuple):
    """A fluid, and when the bolus began that it goes on with: one that touches or overlaps, by recorded ends."""

    start: float
    end: float
    begun: float


def ended(rows: Sequence[Record], course: Course, longest: float = inf) -> Iterator[Record]:
    """Records of one kind with an end: an open one runs to the next that starts later, or on and on."""
    for row in rows:
        following = [later.start for later in rows if later.start > row.start]
        end = min([row.start + longest, *following]) if row.end is None else row.end
        if row.start < min(end, course.followed_until):
            yield row._replace(end=end)


def drugs(course: Course, agents: Sequence[str]) -> Iterator[Drug]:
    """Records of these drugs, without the runs of a drug that began before the first infusion."""
    for agent in agents:
        records = list(ended([drug for drug in course.drugs if drug.agent == agent], course))
        for run in stretches(records):
            if run.start >= course.first_dose:
                yield from (record for record in records if run.start <= record.start < run.end)


def waivers(given: Sequence[Drug]) -> Iterator[float]:
    """When a waiving drug was started; a record that begins as another of the drug ends only goes on with it."""
    for drug in given:
        goes_on = any(other.agent == drug.agent and other.end == drug.start for other in given if other is not drug)
        if drug.agent in WAIVING and not goes_on:
            yield drug.start


def boluses(course: Course, hold: float) -> Iterator[Fluid]:
    """Fluids, without the runs that began before the first infusion, each with the start of the bolus it goes on with."""
    begun, told_until = -inf, -inf
    fluids = sorted(ended(course.boluses, course, hold), key=lambda fluid: fluid.start)
    runs = [run for run in stretches(fluids) if run.start >= course.first_dose]
    for fluid in fluids:
        # The end of an open one is told by nobody, so that what comes then is another bolus.
        told_end = fluid.end if fluid in course.boluses else fluid.start
        begun = begun if fluid.start <= told_until else fluid.start
        told_until = max(told_until, told_end)
        if running(runs, fluid.start):
            yield Fluid(fluid.start, fluid.end, begun)
