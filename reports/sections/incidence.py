"""T1: how many had CRS, by highest grade and stratum."""

from collections.abc import Iterator
from functools import partial

from reports import notes
from reports.charts.heat import heat_figure
from reports.charts.incidence import incidence_figure
from reports.material import Material
from reports.phrases import Phrase, span, subjects
from reports.results import Cells, Results, Stratum
from reports.section import CROSSED, Block, Drawn, Fold, section
from reports.sections.compared import comparison_notes, comparisons
from reports.sections.rates import rate_methods, rates
from reports.strata import crossed, singles
from reports.tables import Column, of_results, table
from reports.titles import titled
from reports.words import NO_SUBJECTS

LEVELS = {
    "any": "Any grade",
    **{str(grade): f"Grade {grade}" for grade in range(1, 6)},
    ">=2": "Grade ≥ 2",
    ">=3": "Grade ≥ 3",
}
WITH_INTERVAL = ("any", ">=3")
UNKNOWN = "Grade unknown: CRS whose grade is not recorded; it counts in any grade only."


def draw(results: Results, material: Material) -> Drawn:
    """The figure, the table by single and crossed strata, and the footnotes."""
    columns = tuple(_columns(results))
    single = table(titled("incidence", also=""), "Stratum", singles(results), columns)
    blocks: tuple[Block, ...] = (incidence_figure(results), single)
    if rows := crossed(results):
        whole = table(titled("incidence", also=", strata crossed"), "Stratum", rows, columns)
        map_of_all = heat_figure(results)
        blocks = (*blocks, *((map_of_all,) if map_of_all else ()), Fold(title=CROSSED, blocks=(whole,)))
    blocks = (*blocks, *comparisons(material), *rates(results, singles(results)))
    return Drawn(blocks=blocks, notes=_notes(results, material))


def _columns(results: Results) -> Iterator[Column[Stratum]]:
    def of(level: str, stratum: Stratum) -> Cells:
        return results.at("incidence", "max_grade", level, stratum)

    yield of_results("N", partial(of, "any"), "{N:count}")
    for level, label in LEVELS.items():
        yield of_results(label, partial(of, level), subjects, "n (%)")
        if level in WITH_INTERVAL:
            yield of_results("95 % CI", partial(of, level), partial(span, style="percent"), "%")
    if _has_unknown(results):
        unknown = partial(results.levels, "incidence", "max_grade")
        yield of_results("Grade unknown", lambda stratum: unknown(stratum).get("missing", {}), _if_any, "n (%)")


def _if_any(cells: Cells) -> Phrase:
    # The ARD has a row for CRS without a grade only where there is some.
    return subjects(cells) if cells else (NO_SUBJECTS,)


def _has_unknown(results: Results) -> bool:
    return "missing" in results.levels("incidence", "max_grade")


def _notes(results: Results, material: Material) -> tuple[str, ...]:
    return (
        notes.population(results),
        "Denominator: all treated subjects of the row.",
        notes.grades(results),
        *notes.estimators(results.at("incidence", "max_grade", "any"), *rate_methods(results)),
        *comparison_notes(material),
        *((UNKNOWN,) if _has_unknown(results) else ()),
        *notes.strata(results, material),
        notes.in_force(material, notes.GRADING),
        notes.NOT_ESTIMABLE,
    )


SECTION = section("section.t1", draw)
