"""All treatment-emergent adverse events, by system organ class and preferred term."""

from collections.abc import Iterator, Mapping
from functools import partial

from reports import notes
from reports.charts.events import event_figure
from reports.event_columns import ANY, EventColumn, event_columns
from reports.material import Material
from reports.phrases import Phrase, interval, say
from reports.places import Place, places
from reports.results import OVERALL, Cells, Results
from reports.section import Block, Drawn, Fold, Sentence, section
from reports.strata import singles
from reports.tables import Column, Group, Heading, Table, table
from reports.titles import titled
from reports.words import NO_SUBJECTS, count

KINDS = {
    "any": "Any",
    "serious": "Serious",
    "grade >=3": "Grade ≥ 3",
    "related": "Related to study treatment",
    "causality unknown": "Causality not known",
    "fatal": "Fatal",
}
WORST = {f"worst grade {grade}": f"Worst grade {grade}" for grade in range(1, 6)} | {
    "worst grade missing": "Worst grade not known"
}
HOLDS = "n (%) [events]"
# More rows than this nobody reads, and a page could not carry those of a study of 800 terms.
MOST = 100
NO_ANALYSIS = "Adverse events are not among the results of this study."
NOTHING = "No treatment-emergent adverse event of a treated subject is recorded."
READING = (
    (
        "n: subjects with such an event, each once; [events]: all records of it. A class that no subject has an event "
        "of has no row."
    ),
    "p-values and intervals are not adjusted for the number of terms.",
)
_BETWEEN = " / "


class _Found:
    """The results of adverse events, and their columns."""

    def __init__(self, material: Material) -> None:
        self.all: Mapping[Place, Cells] = places(material.ard, "adverse_events")
        self.columns = event_columns(self.all)
        overall = [place for place in self.all if place.stratum == OVERALL and place.by_variable is None]
        self.terms = {kind: [place.level for place in overall if place.variable == kind] for kind in (*KINDS, *WORST)}
        self.kinds = [kind for kind in KINDS if self.terms[kind]]

    def n(self, kind: str, term: str) -> float:
        """How many subjects have such an event."""
        return self.all[self.columns[0].counted(kind, term)]["n"].stat or 0

    def most(self, kind: str) -> list[str]:
        """The terms that most subjects have, no more than can be read, in the order of the ARD; classes apart."""
        terms = [term for term in self.terms[kind] if _BETWEEN in term]
        kept = sorted(terms, key=lambda term: (-self.n(kind, term), term))[:MOST]
        return [term for term in terms if term in {*kept}]


def draw(results: Results, material: Material) -> Drawn:
    """All kinds at a glance, then classes and terms, a table a kind; or a sentence that there is none."""
    found = _Found(material)
    if not found.kinds:
        return Drawn(blocks=(Sentence(said=(NO_ANALYSIS,)),), notes=(notes.population(results),))
    if not found.n("any", ANY):
        return Drawn(blocks=(Sentence(said=(NOTHING,)),), notes=_notes(results, material, found))
    first, *others = found.kinds
    figure = event_figure(material)
    blocks: tuple[Block, ...] = (_overview(found), *((figure,) if figure else ()), *_of_kind(found, first))
    folds = (Fold(title=f"{KINDS[kind]}, by class and term", blocks=_of_kind(found, kind)) for kind in others)
    by_stratum = Fold(title="Subjects with any event, by stratum", blocks=(_by_stratum(found, results),))
    return Drawn(blocks=(*blocks, *folds, by_stratum), notes=_notes(results, material, found))


def _overview(found: _Found) -> Table:
    rows = (
        Group(rows=(("Subjects, N", "N"), *((KINDS[kind], kind) for kind in found.kinds))),
        Group(label="Subjects by worst grade, n", rows=tuple((label, kind) for kind, label in WORST.items())),
    )
    columns = [
        Column(heading=Heading(label=column.label, holds=HOLDS), show=partial(_glance, found, column))
        for column in found.columns
    ]
    return table(titled("events-at-a-glance"), "Events", rows, columns)


def _glance(found: _Found, column: EventColumn, kind: str) -> Phrase:
    if kind == "N":
        return say("{N:count}", found.all[column.counted("any", ANY)])
    cells = found.all[column.counted(kind, ANY)]
    return say("{n:count}", cells) if kind in WORST else _counted(cells)


def _counted(cells: Cells) -> Phrase:
    if not cells["N"].stat:
        return (NO_SUBJECTS,)
    return say("{n:count} ({p:percent}) [{records:count}]" if cells["n"].stat else "{n:count}", cells)


def _of_kind(found: _Found, kind: str) -> tuple[Block, ...]:
    shown, of = found.most(kind), sum(_BETWEEN in term for term in found.terms[kind])
    limit = (
        f"{KINDS[kind]}: the {count(len(shown))} preferred terms that most subjects have, of {count(of)}; every class "
        "has its row. All terms are in the workbook ard.xlsx and in crs.duckdb."
    )
    caption = titled("events-of-kind", kind=KINDS[kind].lower())
    whole = table(caption, "Class and term", _rows(found, kind, shown), _columns(found, kind))
    return (whole,) if len(shown) == of else (Sentence(said=(limit,)), whole)


def _rows(found: _Found, kind: str, shown: list[str]) -> Iterator[Group[str]]:
    yield Group(rows=(("Any", ANY),))
    for soc in (term for term in found.terms[kind] if _BETWEEN not in term and term != ANY):
        terms = [term for term in shown if term.partition(_BETWEEN)[0] == soc]
        yield Group(
            label=soc, rows=(("Any of the class", soc), *((term.partition(_BETWEEN)[2], term) for term in terms))
        )


def _columns(found: _Found, kind: str) -> Iterator[Column[str]]:
    for column in found.columns:
        heading = Heading(label=column.label, holds=HOLDS)
        yield Column(heading=heading, show=lambda term, column=column: _counted(found.all[column.counted(kind, term)]))
    for column in found.columns:
        if column.first and column.compared(kind, ANY) in found.all:
            yield from _comparison(found, kind, column)


def _comparison(found: _Found, kind: str, column: EventColumn) -> Iterator[Column[str]]:

    def of(term: str) -> Cells:
        return found.all[column.compared(kind, term)]

    yield Column(
        heading=Heading(label=column.label, holds=f"minus {column.first}, % points (95 % CI)"),
        show=lambda term: _difference(of(term)),
    )
    yield Column(heading=Heading(label=column.label, holds="p"), show=lambda term: say("{p_value:p_value}", of(term)))


def _difference(cells: Cells) -> Phrase:
    if cells["difference"].stat is None:
        return say("{difference:points}", cells)
    return (*say("{difference:points} (", cells), *interval(cells, "points"), ")")


def _by_stratum(found: _Found, results: Results) -> Table:
    strata = [
        (group.label or "", EventColumn(label=stub, stratum=stratum))
        for group in singles(results)
        for stub, stratum in group.rows
    ]
    rows = Group(rows=(("Subjects, N", "N"), *((KINDS[kind], kind) for kind in found.kinds)))
    columns = [
        Column(heading=Heading(label=column.label, holds=label or HOLDS), show=partial(_glance, found, column))
        for label, column in strata
    ]
    return table(titled("events-by-stratum", holds=HOLDS), "Events", (rows,), columns)


def _notes(results: Results, material: Material, found: _Found) -> tuple[str, ...]:
    told = [found.all[column.counted(kind, ANY)] for column in found.columns[:1] for kind in found.kinds]
    compared = [cells for place, cells in found.all.items() if place.variable.endswith(": difference")][:1]
    return (
        notes.population(results),
        "Denominator: all treated subjects of the column.",
        *notes.estimators(*told, *compared),
        *READING,
        *notes.strata(results, material),
        notes.NOT_ESTIMABLE,
    )


SECTION = section("section.events", draw)
