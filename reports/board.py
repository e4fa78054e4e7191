"""Stopping rules and where each cohort stands, as the ARD has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.material import Material
from reports.places import Place, places
from reports.results import Cells, Stratum


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """Where a cohort of a study stands: its results by what they tell (event, now, first crossing and others)."""

    study: str
    stratum: Stratum
    told: Mapping[str, Cells]

    @property
    def is_crossed(self) -> bool:
        """Whether the boundary is crossed now."""
        return bool(self.told["now"]["crossed"].stat)

    @property
    def was_crossed(self) -> bool:
        """Whether it ever was, looking after every subject."""
        return self.told["first crossing"]["crossed_at"].stat is not None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A study's rule in words, its boundary by number of subjects, and how it would behave by looks and true rate."""

    study: str
    words: str
    boundary: Mapping[str, Cells]
    behaviour: Mapping[str, Mapping[str, Cells]]
    cohorts: tuple[Cohort, ...]


def rules(material: Material) -> tuple[Rule, ...]:
    """The rule of each study that has one, in the order of the ARD.

    Args:
        material: Where the numbers stand.
    """
    found = places(material.ard, "monitoring")
    studies = dict.fromkeys(place.by_level or "" for place in found if place.variable == "stopping_boundary")
    return tuple(_rule(study, found) for study in studies)


def _rule(study: str, found: Mapping[Place, Cells]) -> Rule:
    of_study = {place: cells for place, cells in found.items() if place.by_level == study}
    boundary = {place.level: cells for place, cells in of_study.items() if place.variable == "stopping_boundary"}
    behaviour: dict[str, dict[str, Cells]] = {}
    for place, cells in found.items():
        looks = (place.by_level or "").removeprefix(f"{study}, ")
        if place.variable == "operating_characteristics" and place.by_level == f"{study}, {looks}":
            behaviour.setdefault(looks, {})[place.level] = cells
    [first, *_] = boundary.values()
    return Rule(
        study=study,
        words=first["boundary"].method,
        boundary=boundary,
        behaviour=behaviour,
        cohorts=tuple(_cohorts(study, of_study)),
    )


def _cohorts(study: str, found: Mapping[Place, Cells]) -> Iterator[Cohort]:
    told: dict[Stratum, dict[str, Cells]] = {}
    for place, cells in found.items():
        if place.variable == "stopping_rule":
            told.setdefault(place.stratum, {})[place.level] = cells
    return (Cohort(study=study, stratum=stratum, told=cells) for stratum, cells in told.items())
