"""The first screen of the open report, and how clean the data were."""

from collections.abc import Callable

from reports.material import Material
from reports.opened.saying import footnotes, is_hidden, share
from reports.phrases import Phrase, joined, say, span
from reports.results import Cells, Results
from reports.section import Answer, Answers, Drawn, section
from reports.sections.answers import clean
from reports.sections.quality import NOTES, cleanness
from reports.tables import Column, Group, Heading, table
from reports.titles import titled
from reports.words import count

HIDDEN: Phrase = ("hidden",)
BLINDED = (
    "This report has no treatment, dose, arm, subject, site or free text. Results by therapy, dose and tumour burden, "
    "curves, listings, events by term and the stopping rule are in the closed report."
)


def draw(results: Results, material: Material) -> Drawn:
    """The answers, and what is not here."""
    found = tuple(answer(results) for answer in (_how_many, _how_bad, _when, _how_ended, _how_treated))
    screen = Answers(lead=_lead(results), answers=(*found, clean(material)))
    denominator = "Denominator: all treated subjects for CRS and its grades; subjects with CRS for the other answers."
    return Drawn(blocks=(screen,), notes=(BLINDED, *footnotes(results, material, denominator)))


def _lead(results: Results) -> Phrase:
    found = results.at("incidence", "max_grade", "any")
    if is_hidden(found):
        return ("How many had CRS is hidden: fewer had it, or had it not, than may be told here.",)
    return say("{n:count} of {N:count} treated subjects had CRS.", found)


def _how_many(results: Results) -> Answer:
    found = results.at("incidence", "max_grade", "any")
    return Answer(
        question="How many had CRS?",
        headline=_told(found, lambda cells: say("{p:percent} %", cells)),
        lines=(_told(found, lambda cells: ("95 % CI ", *span(cells, "percent"), " %")),),
    )


def _how_bad(results: Results) -> Answer:
    worst = results.at("incidence", "max_grade", ">=3")
    grades = [
        joined([(f"grade {grade}: ",), share(results.at("incidence", "max_grade", grade))], "") for grade in "12345"
    ]
    return Answer(
        question="How bad was it?",
        headline=joined([_told(worst, lambda cells: say("{p:percent} %", cells)), ("grade ≥ 3",)], " "),
        lines=(joined(grades, " · "),),
    )


def _when(results: Results) -> Answer:
    found = results.at("onset", "onset_days", "with CRS")
    return Answer(
        question="When did it begin?",
        headline=_told(found, lambda cells: say("day {median:days}", cells)),
        lines=(("median days after first dose, of those with CRS",),),
    )


def _how_ended(results: Results) -> Answer:
    found = results.at("outcome", "outcome", "resolved", by="any")
    died = results.at("outcome", "outcome", "fatal", by="any")
    return Answer(
        question="How did it end?",
        headline=_told(found, lambda cells: joined([share(cells), ("resolved",)], " ")),
        lines=(joined([("fatal: ",), share(died)], ""),),
    )


def _how_treated(results: Results) -> Answer:
    found = results.at("interventions", "tocilizumab", "during CRS", by="any")
    return Answer(
        question="How was it treated?",
        headline=_told(found, lambda cells: joined([share(cells), ("tocilizumab",)], " ")),
        lines=(("n (%) of those with CRS",),),
    )


def _told(cells: Cells, told: Callable[[Cells], Phrase]) -> Phrase:
    return HIDDEN if is_hidden(cells) else told(cells)


def quality(results: Results, material: Material) -> Drawn:
    """Rows in, kept and kept out; rules that did not hold; queries."""
    found = cleanness(material)
    rows = {
        "Rows in": found.rows_in,
        "Rows kept": found.rows_kept,
        "Rows kept out": found.rows_quarantined,
        "Rules that did not hold": found.broken,
        "Queries open": found.queries,
    }
    column: Column[str] = Column(heading=Heading(label="n"), show=lambda name: (count(rows[name]),))
    groups = (Group(rows=tuple((name, name) for name in rows)),)
    return Drawn(blocks=(table(titled("open.quality"), "What", groups, (column,)),), notes=NOTES[:1])


SECTION = section("open.summary", draw)
QUALITY = section("open.t9", quality)
