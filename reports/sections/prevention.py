"""T7: CRS with and without what was done to prevent it, crude and adjusted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from reports import notes
from reports.material import Material
from reports.phrases import Phrase, effect, estimate, reason, say, span
from reports.places import Place, places
from reports.results import OVERALL, Cells, MissingResult, Results
from reports.section import Drawn, Sentence, section
from reports.tables import Column, Group, Heading, Table, table
from reports.titles import titled
from reports.words import NO_SUBJECTS

EVENTS = {"any": "Any grade", ">=2": "Grade ≥ 2", ">=3": "Grade ≥ 3"}
CAUTION = (
    "Observational, not randomised: those who had a measure and those who had not may differ in ways that no model "
    "holds fixed. A lower risk here is no proof that the measure prevents CRS, nor a higher one that it causes it."
)
NO_ANALYSIS = "Prevention is not among the results of this study."
NOTHING_COMPARED = "No preventive measure was taken in some treated subjects and not in others: nothing is compared."
READING = (
    "Unadjusted: risk with the measure less risk without, in percentage points; below 0 means less CRS with it.",
    (
        "Adjusted: the risks if all subjects had had the measure and if none had, with the confounders held fixed "
        "that the estimator names."
    ),
    (
        "Chance of the measure: by a logistic model of the confounders. Where the two groups share little of its "
        "range, the adjusted comparison rests on the model more than on the data."
    ),
)


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A measure and an event."""

    measure: str
    event: str


class _Found:
    """The results of each measure."""

    def __init__(self, found: Mapping[Place, Cells]) -> None:
        self.all = found
        self.measures = tuple(dict.fromkeys(place.variable for place in found))

    def at(self, row: _Row, by_variable: str, by_level: str) -> Cells:
        """The statistics at one place."""
        place = Place(
            stratum=OVERALL, variable=row.measure, level=row.event, by_variable=by_variable, by_level=by_level
        )
        if place not in self.all:
            raise MissingResult(f"ARD: no row for {place}, which T7 prints; let the analysis make it.")
        return self.all[place]

    def is_compared(self, measure: str) -> bool:
        """Whether some had it and some had not."""
        row = _Row(measure=measure, event="any")
        return all(self.at(row, "exposure", level)["N"].stat for level in ("yes", "no"))


def draw(results: Results, material: Material) -> Drawn:
    """The caution, each measure crude and adjusted, and how far the groups overlap; or a sentence."""
    found = _Found(places(material.ard, "prevention_results"))
    if not found.measures:
        return Drawn(blocks=(Sentence(said=(NO_ANALYSIS,)),), notes=(notes.population(results),))
    is_compared = any(map(found.is_compared, found.measures))
    said = () if is_compared else (Sentence(said=(NOTHING_COMPARED,)),)
    return Drawn(
        blocks=(Sentence(said=(CAUTION,), is_caution=True), *said, _compared(found), _overlap(found)),
        notes=_notes(results, material, found),
    )


def _compared(found: _Found) -> Table:
    rows = (
        Group(label=measure, rows=tuple((label, _Row(measure=measure, event=event)) for event, label in EVENTS.items()))
        for measure in found.measures
    )
    return table(titled("prevention"), "CRS", rows, _columns(found))


def _columns(found: _Found) -> Iterator[Column[_Row]]:
    for level, label in {"yes": "With it", "no": "Without it"}.items():
        yield _column(label, "n / N (%)", lambda row, level=level: _risk(found.at(row, "exposure", level)))
    crude = partial(_comparison, found, "crude")
    yield _column("Unadjusted difference", "% points (95 % CI)", lambda row: effect(crude(row), "difference", "points"))
    yield _column("Unadjusted", "p", lambda row: say("{p_value:p_value}", crude(row)))
    adjusted, ratio = partial(_comparison, found, "adjusted"), partial(_comparison, found, "adjusted ratio")
    yield _column("Adjusted", "n", lambda row: say("{n:count}", adjusted(row)))
    yield _column("Adjusted risk with / without", "%", lambda row: _risks(adjusted(row)))
    yield _column(
        "Adjusted difference", "% points (95 % CI)", lambda row: effect(adjusted(row), "difference", "points")
    )
    yield _column("Adjusted risk ratio", "(95 % CI)", lambda row: estimate(ratio(row), "risk_ratio", "ratio"))
    heading = Heading(label="Not adjusted because", is_text=True)
    yield Column(heading=heading, show=lambda row: reason(adjusted(row)["difference"]) or ("",))


def _column(label: str, holds: str, show: Callable[[_Row], Phrase]) -> Column[_Row]:
    return Column(heading=Heading(label=label, holds=holds), show=show)


def _comparison(found: _Found, level: str, row: _Row) -> Cells:
    return found.at(row, "comparison", level)


def _risk(cells: Cells) -> Phrase:
    if cells["N"].stat == 0:
        return (NO_SUBJECTS,)
    return say("{n:count} / {N:count} ({p:percent})", cells)


def _risks(cells: Cells) -> Phrase:
    if cells["risk_exposed"].stat is None:
        return say("{risk_exposed:percent}", cells)
    return say("{risk_exposed:percent} / {risk_unexposed:percent}", cells)


def _overlap(found: _Found) -> Table:
    rows = Group(rows=tuple((measure, measure) for measure in found.measures))
    return table(titled("prevention-overlap"), "Measure", (rows,), _alike(found))


def _alike(found: _Found) -> Iterator[Column[str]]:
    def of(event: str, by_variable: str, level: str, measure: str) -> Cells:
        return found.at(_Row(measure=measure, event=event), by_variable, level)

    for level, label in {"yes": "Had it", "no": "Had it not"}.items():
        size, chance = partial(of, "any", "exposure", level), partial(of, "overlap", "propensity", level)
        yield _said(label, "N", lambda row, size=size: say("{N:count}", size(row)))
        yield _said(f"{label}: chance", "median (Q1–Q3)", lambda row, chance=chance: _quartiles(chance(row)))
        yield _said(
            f"{label}: chance", "min–max", lambda row, chance=chance: span(chance(row), "hundredths", "min", "max")
        )
    unknown = partial(of, "exposure", "exposure", "unknown")
    yield _said("Not known", "n", lambda row: say("{n:count}", unknown(row)))
    outside = partial(of, "overlap", "propensity", "outside common support")
    yield _said("Outside the common range", "%", lambda row: say("{p:percent}", outside(row)))


def _said(label: str, holds: str, show: Callable[[str], Phrase]) -> Column[str]:
    return Column(heading=Heading(label=label, holds=holds), show=show)


def _quartiles(cells: Cells) -> Phrase:
    if cells["median"].stat is None:
        return say("{median:hundredths}", cells)
    return say("{median:hundredths} ({q1:hundredths}–{q3:hundredths})", cells)


def _notes(results: Results, material: Material, found: _Found) -> tuple[str, ...]:
    return (
        notes.population(results),
        "Denominator: treated subjects of whom it is known whether they had the measure.",
        notes.grades(results),
        *READING,
        *_methods(found),
        notes.in_force(material, (*notes.GRADING, "premedication.window_hours")),
        notes.NOT_ESTIMABLE,
    )


def _methods(found: _Found) -> tuple[str, ...]:
    """What each measure is, then each estimator once, for the ARD says after it what the measure is."""
    told = [(place.variable, cell.method) for place, cells in found.all.items() for cell in cells.values()]
    parted = [(measure, *method.partition(f". {measure}: ")[::2]) for measure, method in told]
    what = dict.fromkeys(f"{measure}: {definition}." for measure, _, definition in parted if definition)
    return (*what, *dict.fromkeys(f"{method}." for _, method, _ in parted))


SECTION = section("section.t7", draw)
