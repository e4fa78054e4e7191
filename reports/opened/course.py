"""T2 to T4 of the open report: when CRS began, how it ended, how it was treated, and with which symptoms."""

from collections.abc import Callable, Iterator, Mapping

from reports.material import Material
from reports.opened.saying import footnotes, is_hidden, shares
from reports.phrases import Phrase, estimate, say, span
from reports.results import Cells, Results
from reports.section import Drawn, section
from reports.sections.lasting import OUTCOMES
from reports.sections.treated import TREATMENTS
from reports.tables import Column, Group, Heading, Table, table
from reports.titles import titled

OF_CRS = "Denominator: subjects with CRS."


def onset(results: Results, material: Material) -> Drawn:
    """Days to the first CRS, and how many had it by day 7."""
    rows = {
        "Days from first dose to first CRS, median": (results.at("onset", "onset_days", "with CRS"), _median),
        "Quartiles": (results.at("onset", "onset_days", "with CRS"), _quartiles),
        "CRS by day 7, % of treated subjects (95 % CI)": (results.at("onset", "TTCRS", "day 7"), _by_day),
    }
    return Drawn(
        blocks=(_said(titled("open.onset"), rows),),
        notes=footnotes(results, material, "Day 0 is the day of the first dose of study treatment."),
    )


def ended(results: Results, material: Material) -> Drawn:
    """Outcomes, duration and treatments."""
    outcomes = {label: results.at("outcome", "outcome", level, by="any") for level, label in OUTCOMES.items()}
    treatments = {
        label: results.at("interventions", name, "during CRS", by="any") for name, label in TREATMENTS.items()
    }
    lasted = {"Median (95 % CI), days": (results.at("duration", "duration_days", "KM", by="any"), _duration)}
    return Drawn(
        blocks=(
            shares(results, titled("open.outcome"), "Outcome", outcomes),
            _said(titled("open.duration"), lasted),
            shares(results, titled("open.treated"), "Treatment", treatments),
        ),
        notes=footnotes(results, material, OF_CRS),
    )


def symptoms(results: Results, material: Material) -> Drawn:
    """Symptoms by organ system."""
    found = dict(_symptoms(results))
    return Drawn(
        blocks=(shares(results, titled("open.symptoms"), "Symptom", found),),
        notes=footnotes(results, material, OF_CRS),
    )


def _symptoms(results: Results) -> Iterator[tuple[str, Cells]]:
    """Every symptom that somebody had, or whose number is hidden, so that none tells by being absent."""
    for organ in results.variables("symptoms"):
        for symptom, cells in results.levels("symptoms", organ, by="any").items():
            yield f"{organ}: {symptom}", cells


def _said(caption: str, rows: Mapping[str, tuple[Cells, Callable[[Cells], Phrase]]]) -> Table:
    """A table of one number a row, each with how it is said."""

    def shown(name: str) -> Phrase:
        cells, say_it = rows[name]
        return say_it(cells)

    groups = (Group(rows=tuple((name, name) for name in rows)),)
    return table(caption, "What", groups, (Column(heading=Heading(label="Result"), show=shown),))


def _median(cells: Cells) -> Phrase:
    return say("{median:days}", cells)


def _quartiles(cells: Cells) -> Phrase:
    return say("{q1:days}", cells) if is_hidden(cells) else span(cells, "days", "q1", "q3")


def _by_day(cells: Cells) -> Phrase:
    return say("{cif:percent}", cells) if is_hidden(cells) else estimate(cells, "cif", "percent")


def _duration(cells: Cells) -> Phrase:
    return say("{median:days}", cells) if is_hidden(cells) else estimate(cells, "median", "days")


SECTIONS = (
    section("open.t2", onset),
    section("open.t3", ended),
    section("open.t4", symptoms),
)
