"""T6: biomarkers of CRS by day and highest grade, their peaks, and how well they tell severe CRS beforehand."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from reports import notes
from reports.charts.biomarkers import biomarker_figure
from reports.markers import MARKERS, unit_of
from reports.material import Material
from reports.phrases import Phrase, estimate, say
from reports.places import Place, places
from reports.results import OVERALL, Cells, MissingResult, Results, Stratum
from reports.section import Block, Drawn, Fold, Sentence, section
from reports.strata import ALL
from reports.tables import Column, Group, Heading, Table, table
from reports.titles import titled
from reports.words import NO_SUBJECTS

GRADES = {
    None: "All",
    "none": "No CRS",
    **{str(g): f"Grade {g}" for g in range(1, 6)},
    ">=3": "Grade ≥ 3",
}
HOLDS = "median (Q1–Q3) [n]"
MOMENTS = {"baseline": "Baseline", **{f"day {day}": f"Day {day}" for day in range(29)}, "peak": "Peak"}
NO_RESULTS = (
    "The study has no results of a biomarker of CRS: interleukin 6 or 10, interferon gamma, ferritin, CRP, LDH."
)
AFTER = "after tocilizumab"
READING = (
    "A result beyond a limit of the assay is printed as < or > that limit, and counts as below or above all others.",
    (
        "Tocilizumab raises interleukin 6 in blood by blocking its receptor, whatever the disease does, so results "
        "after it stand apart and are in no peak and no test."
    ),
    "Areas under the curve: 0.5 tells nothing, 1 tells apart fully. Tests are not adjusted for the number of markers.",
)


class _Found:
    """The results of each biomarker that has any."""

    def __init__(self, material: Material) -> None:
        self.all: Mapping[Place, Cells] = places(material.ard, "biomarker_results")
        self.units = dict(material.tables["biomarkers"].select("testcd", "unit").iter_rows())
        measured = {place.variable for place, cells in self.all.items() if "n" in cells and cells["n"].stat}
        self.markers = tuple(name for name in dict.fromkeys(place.variable for place in self.all) if name in measured)

    def name(self, marker: str) -> str:
        """What the marker is called, with its unit."""
        known = MARKERS[marker]
        return f"{known.label} ({unit_of(self.units[known.testcd])})"

    def at(self, marker: str, level: str, stratum: Stratum = OVERALL, grade: str | None = None) -> Cells:
        """The statistics at one place."""
        by = "max_grade" if grade else None
        place = Place(stratum=stratum, variable=marker, level=level, by_variable=by, by_level=grade)
        if place not in self.all:
            raise MissingResult(f"ARD: no row for {place}, which T6 prints; let the analysis make it.")
        return self.all[place]

    def moments(self, marker: str) -> Iterator[tuple[str, str]]:
        """The moments at which anybody has a result, with how each is called."""
        return ((label, moment) for moment, label in MOMENTS.items() if self.at(marker, moment)["n"].stat)


def draw(results: Results, material: Material) -> Drawn:
    """Peaks, tests and areas under the curve; then each marker by day and grade, folded; or a sentence."""
    found = _Found(material)
    if not found.markers:
        return Drawn(blocks=(Sentence(said=(NO_RESULTS,)),), notes=(notes.population(results),))
    by_day = (Fold(title=f"{found.name(marker)} by day", blocks=(_by_day(found, marker),)) for marker in found.markers)
    figure = biomarker_figure(material)
    blocks: tuple[Block, ...] = (
        *((figure,) if figure else ()),
        _peaks(found),
        _told(found, OVERALL, ALL.lower()),
        *by_day,
    )
    therapies = _therapies(found)
    if len(therapies) > 1:
        tables = tuple(_told(found, stratum, stratum[0][1]) for stratum in therapies)
        blocks = (*blocks, Fold(title="Tests and areas under the curve by therapy", blocks=tables))
    return Drawn(blocks=blocks, notes=_notes(results, material, found))


def _therapies(found: _Found) -> tuple[Stratum, ...]:
    return tuple(dict.fromkeys(place.stratum for place in found.all if place.stratum))


def _tested(found: _Found) -> tuple[str, ...]:
    return tuple(marker for marker in found.markers if AFTER not in marker)


def _peaks(found: _Found) -> Table:
    moments = {"baseline": "Baseline", "peak": "Peak to day 28"}
    rows = (
        Group(label=found.name(marker), rows=tuple((label, (marker, moment)) for moment, label in moments.items()))
        for marker in _tested(found)
    )
    return table(titled("biomarkers"), "Moment", rows, _columns(found))


def _by_day(found: _Found, marker: str) -> Table:
    rows = Group(rows=tuple((label, (marker, moment)) for label, moment in found.moments(marker)))
    caption = titled("biomarker-by-day", marker=found.name(marker))
    return table(caption, "Moment", (rows,), (*_columns(found), *_beyond(found)))


def _columns(found: _Found) -> Iterator[Column[tuple[str, str]]]:
    for grade, label in GRADES.items():
        yield Column(heading=Heading(label=label, holds=HOLDS), show=partial(_quartiles, found, grade))


def _quartiles(found: _Found, grade: str | None, row: tuple[str, str]) -> Phrase:
    cells = found.at(*row, grade=grade)
    if not cells["n"].stat:
        return (NO_SUBJECTS,)
    return say("{median:amount}\n({q1:amount}–{q3:amount})\n[{n:count}]", cells)


def _beyond(found: _Found) -> Iterator[Column[tuple[str, str]]]:
    for name, label in {"results_below": "Below the limit", "results_above": "Above the limit"}.items():
        heading = Heading(label=label, holds="all, results")
        yield Column(heading=heading, show=lambda row, name=name: say(f"{{{name}:count}}", found.at(*row)))


def _told(found: _Found, stratum: Stratum, whose: str) -> Table:
    rows = Group(rows=tuple((found.name(marker), marker) for marker in _tested(found)))
    caption = titled("biomarker-tests", whose=whose)
    return table(caption, "Biomarker", (rows,), _tests(lambda marker, level: found.at(marker, level, stratum)))


def _tests(of: Callable[[str, str], Cells]) -> Iterator[Column[str]]:
    yield _column("Peaks", "n", lambda row: say("{n:count}", of(row, "Kruskal-Wallis")))
    yield _column("Kruskal-Wallis", "p", lambda row: say("{p_value:p_value}", of(row, "Kruskal-Wallis")))
    yield _column("Trend (Jonckheere)", "p", lambda row: say("{p_value:p_value}", of(row, "Jonckheere")))
    area = partial(estimate, name="auc", style="hundredths")
    area = partial(estimate, name="auc", style="hundredths")
    for level, label in {"AUC baseline": "Baseline", "AUC before onset": "Last before onset"}.items():
        at = partial(_at, of, level)
        yield _column(label, "grade ≥ 3 / n", lambda row, at=at: say("{n_events:count} / {n:count}", at(row)))
        yield _column(f"{label}: AUC", "(95 % CI)", lambda row, at=at: area(at(row)))
    yield _column("Left out", "results", lambda row: say("{results:count}", of(row, "left out")))


def _at(of: Callable[[str, str], Cells], level: str, marker: str) -> Cells:
    return of(marker, level)


def _column(label: str, holds: str, show: Callable[[str], Phrase]) -> Column[str]:
    return Column(heading=Heading(label=label, holds=holds), show=show)


def _notes(results: Results, material: Material, found: _Found) -> tuple[str, ...]:
    first = found.markers[0]
    levels = (
        "baseline",
        "day 0",
        "peak",
        "Kruskal-Wallis",
        "Jonckheere",
        "AUC baseline",
        "AUC before onset",
        "left out",
    )
    return (
        notes.population(results),
        "Denominator: treated subjects of the column with a result at that moment, n.",
        notes.grades(results),
        *notes.estimators(*(found.at(first, level) for level in levels)),
        *READING,
        notes.DAYS,
        notes.in_force(material, notes.GRADING),
        notes.NOT_ESTIMABLE,
    )


SECTION = section("section.t6", draw)
