"""The columns of tables of adverse events: all subjects and each arm, or each therapy where there are no arms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.places import Place
from reports.results import OVERALL, Cells, Stratum
from reports.strata import ALL

ANY = "Any event"
_AGAINST = "arm against "


@dataclass(frozen=True, kw_only=True)
class EventColumn:
    """Whose events a column counts, and with whom it is compared; empty for with nobody."""

    label: str
    stratum: Stratum = OVERALL
    arm: str = ""
    first: str = ""

    def counted(self, kind: str, term: str) -> Place:
        """Where the subjects with such an event stand."""
        by, level = ("arm", self.arm) if self.arm else (None, None)
        return Place(stratum=self.stratum, variable=kind, level=term, by_variable=by, by_level=level)

    def compared(self, kind: str, term: str) -> Place:
        """Where the comparison stands."""
        by, level = (f"{_AGAINST}{self.first}", self.arm) if self.arm else ("against", self.first)
        return Place(stratum=self.stratum, variable=f"{kind}: difference", level=term, by_variable=by, by_level=level)


def event_columns(found: Mapping[Place, Cells]) -> tuple[EventColumn, ...]:
    """All subjects first, then arms in the order of the ARD, or therapies where there is no arm but several therapies.

    Args:
        found: Results of ``adverse_events``.
    """
    arms = tuple(_arms(found))
    return (EventColumn(label=ALL), *(arms or _therapies(found)))


def _arms(found: Mapping[Place, Cells]) -> Iterator[EventColumn]:
    firsts = {
        place.by_level: place.by_variable.removeprefix(_AGAINST)
        for place in found
        if place.by_variable and place.by_variable.startswith(_AGAINST)
    }
    arms = dict.fromkeys(place.by_level for place in found if place.by_variable == "arm")
    return (EventColumn(label=arm or "", arm=arm or "", first=firsts.get(arm, "")) for arm in arms)


def _therapies(found: Mapping[Place, Cells]) -> tuple[EventColumn, ...]:
    firsts = {place.stratum: place.by_level for place in found if place.by_variable == "against"}
    strata = dict.fromkeys(place.stratum for place in found if place.stratum and place.stratum[0][0] == "therapy")
    named = (EventColumn(label=one[0][1], stratum=one, first=firsts.get(one) or "") for one in strata)
    return tuple(named) if len(strata) > 1 else ()
