"""B1: the board's stopping rule, where each cohort stands, and how the rule would behave."""

from collections.abc import Callable, Iterator
from functools import partial

from reports import notes
from reports.board import Cohort, Rule, rules
from reports.charts.stopping import stopping_figure
from reports.material import Material
from reports.phrases import Phrase, say, span
from reports.results import Cells, Results
from reports.section import Block, Drawn, Fold, Sentence, section
from reports.strata import ALL, NAMES
from reports.tables import Column, Group, Heading, Table, of_results, table
from reports.titles import titled
from reports.words import NO_SUBJECTS

NO_RULE = "No stopping rule is set for this study (board.stopping in study.yaml), so none is applied."
READING = (
    (
        "Crossed: the events among the subjects evaluated so far are at or above the boundary for that many subjects. "
        "First crossed: looking after every subject in the order in which windows end, as the board may not have done."
    ),
    "A boundary is a signal to the board and no order: it decides with everything else it knows.",
    "NE for a boundary: even events in all of so few subjects would not stop.",
)
COUNTS = {
    "in the window": "In the window",
    "event in the window": "In the window, event already",
    "lost in the window": "Lost in the window",
}


def draw(results: Results, material: Material) -> Drawn:
    """The rule in words, each cohort, the boundary and the operating characteristics; or that there is no rule."""
    found = rules(material)
    if not found:
        return Drawn(blocks=(Sentence(said=(NO_RULE,)),), notes=(notes.population(results),))
    names = {rule.study: f", {rule.study}" if len(found) > 1 else "" for rule in found}
    words = (Sentence(said=(f"The rule in force{names[rule.study]}: {rule.words}.",)) for rule in found)
    figure = stopping_figure(material)
    tables = (block for rule in found for block in _of_rule(rule, names[rule.study]))
    blocks = (*words, *((figure,) if figure else ()), *tables)
    return Drawn(blocks=blocks, notes=_notes(results, material, found))


def _of_rule(rule: Rule, of: str) -> Iterator[Block]:
    yield _cohorts(rule, of)
    yield _behaviour(rule, of)
    yield Fold(title=f"The boundary for every number of subjects{of}", blocks=(_boundary(rule, of),))


def _cohorts(rule: Rule, of: str) -> Table:
    groups: dict[str, list[tuple[str, Cohort]]] = {}
    for cohort in rule.cohorts:
        variable, level = cohort.stratum[0] if cohort.stratum else ("", ALL)
        groups.setdefault(NAMES.get(variable, ""), []).append((level, cohort))
    rows = (Group(label=label, rows=tuple(cohorts)) for label, cohorts in groups.items())
    return table(titled("cohorts", of=of), "Cohort", rows, _columns())


def _columns() -> Iterator[Column[Cohort]]:
    yield _column("Events / evaluated", "n / N (%)", "event", _share)
    yield _column("95 % CI", "%", "event", partial(span, style="percent"))
    yield _column("Boundary", "events", "now", partial(say, "{boundary:count}"))
    yield _column("Rate above the limit", "probability, %", "now", partial(say, "{probability:percent}"))
    yield _column("Crossed", "now", "now", partial(say, "{crossed:yes_no}"))
    yield _column("First crossed", "after subjects", "first crossing", partial(say, "{crossed_at:count}"))
    for level, label in COUNTS.items():
        yield _column(label, "n", level, partial(say, "{n:count}"))


def _column(label: str, holds: str, level: str, show: Callable[[Cells], Phrase]) -> Column[Cohort]:
    return of_results(label, lambda cohort: cohort.told[level], show, holds)


def _share(cells: Cells) -> Phrase:
    return say("{n:count} / {N:count} ({p:percent})", cells) if cells["N"].stat else (NO_SUBJECTS,)


def _behaviour(rule: Rule, of: str) -> Table:
    rates = dict.fromkeys(rate for found in rule.behaviour.values() for rate in found)
    rows = Group(rows=tuple((rate.removeprefix("true rate "), rate) for rate in rates))
    columns = [column for looks, found in rule.behaviour.items() for column in _expected(looks, found.__getitem__)]
    return table(titled("rule-behaviour", of=of), "True rate", (rows,), columns)


def _expected(looks: str, cells: Callable[[str], Cells]) -> Iterator[Column[str]]:
    label = looks.capitalize()
    yield of_results(label, cells, "{stop_probability:percent}", "stops, %")
    yield of_results(label, cells, "{expected_subjects:tenths}", "subjects expected")
    yield of_results(label, cells, "{expected_events:tenths}", "events expected")


def _boundary(rule: Rule, of: str) -> Table:
    rows = Group(rows=tuple((level.removeprefix("of "), cells) for level, cells in rule.boundary.items()))
    column = Column(heading=Heading(label="Stop at", holds="events"), show=partial(say, "{boundary:count}"))
    return table(titled("boundary", of=of), "Of subjects", (rows,), (column,))


def _notes(results: Results, material: Material, found: tuple[Rule, ...]) -> tuple[str, ...]:
    standing = (cohort.told["event"] for rule in found for cohort in rule.cohorts[:1])
    behaviour = (next(iter(rates.values())) for rule in found for rates in rule.behaviour.values())
    return (
        notes.population(results),
        "Denominator: treated subjects of the cohort who could be evaluated.",
        notes.grades(results),
        *notes.estimators(*standing, *behaviour),
        *READING,
        notes.in_force(material, notes.GRADING),
        notes.NOT_ESTIMABLE,
    )


SECTION = section("section.b1", draw)
