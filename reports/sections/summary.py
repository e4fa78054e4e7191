"""The first screen: the answers, to be read in ten seconds."""

from reports import notes
from reports.material import Material
from reports.phrases import Phrase, joined, say
from reports.results import Cells, Results
from reports.section import Answers, Drawn, section
from reports.sections import answers, boundary, changes
from reports.sections.by_therapy import by_therapy


def draw(results: Results, material: Material) -> Drawn:
    """The lead, the answers, and the same by therapy."""
    found = tuple(answer(results) for answer in answers.OF_RESULTS)
    further = (boundary.is_crossed(material), changes.answer(material), answers.clean(material))
    first_screen = Answers(lead=_lead(results), answers=(*found, *further))
    return Drawn(blocks=(first_screen, by_therapy(results)), notes=_notes(results, material))


def _lead(results: Results) -> Phrase:
    found = results.at("incidence", "max_grade", "any")
    if found["N"].stat == 0:
        return ("No subject was treated, so there is nothing to report.",)
    if found["n"].stat == 0:
        return say("No treated subject had CRS: {n:count} of {N:count}.", found)
    worst, fatal = (results.at("incidence", "max_grade", level) for level in (">=3", "5"))
    parts = [
        say("{n:count} of {N:count} treated subjects had CRS", found),
        say("{n:count} of grade 3 or higher", worst),
        say("{n:count} fatal.", fatal),
    ]
    return joined(parts, ", ")


def _notes(results: Results, material: Material) -> tuple[str, ...]:
    return (
        notes.population(results),
        "Denominator: all treated subjects for CRS and its grades; subjects with CRS for onset, outcome and treatment.",
        notes.grades(results),
        *notes.estimators(results.at("incidence", "max_grade", "any"), _printed(results)),
        *notes.estimators(results.at("duration", "duration_days", "KM", by="any")),
        notes.DAYS,
        *notes.missing(results),
        notes.in_force(material, notes.GRADING),
        notes.NOT_ESTIMABLE,
    )


def _printed(results: Results) -> Cells:
    # What stands beside it as sensitivity is in T2.
    return {"cif": results.at("onset", "TTCRS", "day 7")["cif"]}


SECTION = section("section.summary", draw)
