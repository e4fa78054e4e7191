"""T1 of the open report: how many had CRS, by highest grade."""

from functools import partial

from reports.material import Material
from reports.opened.saying import footnotes, shares
from reports.phrases import plain, say
from reports.results import Results
from reports.section import Drawn, section
from reports.titles import titled

LEVELS = {
    "any": "Any grade",
    **{str(grade): f"Grade {grade}" for grade in range(1, 6)},
    ">=2": "Grade ≥ 2",
    ">=3": "Grade ≥ 3",
    "none": "No CRS",
}
KINDS = {
    "any": "Any treatment-emergent adverse event",
    "serious": "Serious",
    "grade >=3": "Grade ≥ 3",
    "related": "Related to study treatment",
}


def draw(results: Results, material: Material) -> Drawn:
    """Highest grades, and adverse events of any kind."""
    at = partial(results.at, "incidence", "max_grade")
    of = plain(say("{N:count}", at("any"))) if at("any")["N"].stat is not None else "hidden"
    grades = {label: at(level) for level, label in LEVELS.items()}
    events = {label: found for kind, label in KINDS.items() if (found := _events(results, kind))}
    blocks = [shares(results, titled("open.incidence", of=of), "Highest grade", grades, True)]
    if events:
        blocks.append(shares(results, titled("open.events", of=of), "Adverse events", events))
    return Drawn(blocks=tuple(blocks), notes=footnotes(results, material, "Denominator: all treated subjects."))


def _events(results: Results, kind: str):
    return results.levels("adverse_events", kind).get("Any event")


SECTION = section("open.t1", draw)
