"""T4: symptoms and organ dysfunction during CRS, by highest grade and stratum."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from reports import notes
from reports.material import Material
from reports.phrases import Phrase, say, span, subjects
from reports.places import places
from reports.results import OVERALL, Cells, Results, Stratum
from reports.section import Drawn, Fold, Sentence, section
from reports.sections.outcome import GRADES
from reports.strata import ALL, singles
from reports.tables import Column, Group, Heading, Table, table
from reports.titles import titled

SIZE = "Subjects with CRS, N"
BY_STRATUM = {"any": "any grade", ">=3": "grade ≥ 3"}
NO_ANALYSIS = "Symptoms are not among the results of this study."
NOBODY = "No treated subject had CRS, so there are no symptoms of it."
NONE_RECORDED = "No record of the study names a symptom of CRS during an episode."
TERMS = (
    "Symptoms are those that were recorded as terms. Grades of CRS rest on measured temperature, blood pressure and "
    "oxygen where they are derived, so that fever or hypotension here can be fewer than the grades say."
)


@dataclass(frozen=True, kw_only=True)
class _Symptom:
    """A row: a symptom of an organ; without one the number of subjects."""

    organ: str
    name: str
    is_size: bool = False


def draw(results: Results, material: Material) -> Drawn:
    """Every symptom by highest grade, then by stratum, or a sentence that says why there is none."""
    organs = _organs(material)
    if not organs:
        return Drawn(blocks=(Sentence(said=(NO_ANALYSIS,)),), notes=(notes.population(results),))
    found = [results.at("symptoms", organ, name, by="any") for organ, names in organs.items() for name in names]
    if not found[0]["N"].stat:
        return Drawn(blocks=(Sentence(said=(NOBODY,)),), notes=_notes(results, material, found[0]))
    none = () if any(cells["n"].stat for cells in found) else (Sentence(said=(NONE_RECORDED,)),)
    rows = _rows(organs)
    across = tuple(_by_stratum(results, rows, grade) for grade in BY_STRATUM)
    blocks = (*none, _by_grade(results, rows), Fold(title="By stratum", blocks=across))
    return Drawn(blocks=blocks, notes=_notes(results, material, found[0]))


def _organs(material: Material) -> Mapping[str, tuple[str, ...]]:
    """The symptoms of each organ in the order of the ARD."""
    organs: dict[str, dict[str, None]] = {}
    for place in places(material.ard, "symptoms"):
        organs.setdefault(place.variable, {})[place.level] = None
    return {organ: tuple(names) for organ, names in organs.items()}


def _rows(organs: Mapping[str, tuple[str, ...]]) -> tuple[Group[_Symptom], ...]:
    organ, (name, *_) = next(iter(organs.items()))
    size = Group(rows=((SIZE, _Symptom(organ=organ, name=name, is_size=True)),))
    return (
        size,
        *(
            Group(label=organ, rows=tuple((name, _Symptom(organ=organ, name=name)) for name in names))
            for organ, names in organs.items()
        ),
    )


def _by_grade(results: Results, rows: tuple[Group[_Symptom], ...]) -> Table:
    columns = [
        Column(
            heading=Heading(label=label, holds="n (%)"), show=partial(_shown, partial(_cells, results, OVERALL, grade))
        )
        for grade, label in GRADES.items()
    ]
    limits = Column(heading=Heading(label="95 % CI", holds="any grade, %"), show=partial(_limits, results))
    return table(titled("symptoms-by-grade"), "Symptom", rows, [columns[0], limits, *columns[1:]])


def _cells(results: Results, stratum: Stratum, grade: str, row: _Symptom) -> Cells:
    return results.at("symptoms", row.organ, row.name, stratum, grade)


def _shown(of: partial[Cells], row: _Symptom) -> Phrase:
    return say("{N:count}", of(row)) if row.is_size else subjects(of(row))


def _limits(results: Results, row: _Symptom) -> Phrase:
    return ("",) if row.is_size else span(_cells(results, OVERALL, "any", row), "percent")


def _by_stratum(results: Results, rows: tuple[Group[_Symptom], ...], grade: str) -> Table:
    strata = [(group.label, stub, stratum) for group in singles(results) for stub, stratum in group.rows]
    columns = [
        Column(
            heading=Heading(label=ALL if stratum == OVERALL else stub, holds=group if group else "n (%)"),
            show=partial(_shown, partial(_cells, results, stratum, grade)),
        )
        for group, stub, stratum in strata
    ]
    return table(titled("symptoms-by-stratum", event=BY_STRATUM[grade]), "Symptom", rows, columns)


def _notes(results: Results, material: Material, cells: Cells) -> tuple[str, ...]:
    return (
        notes.population(results),
        "Denominator: treated subjects with CRS of that highest grade; a subject counts once for each symptom.",
        notes.grades(results),
        *notes.estimators(cells),
        TERMS,
        *notes.strata(results, material),
        notes.in_force(material, notes.GRADING),
        notes.NOT_ESTIMABLE,
    )


SECTION = section("section.t4", draw)
