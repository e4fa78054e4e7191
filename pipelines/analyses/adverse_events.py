"""All treatment-emergent adverse events, by system organ class and preferred term."""

from collections.abc import Iterator

from pipelines.analyses.cells import Analysis, Cell, Tables
from pipelines.analyses.event_grid import KINDS, WORST, Column, Grid, Term, grid
from pipelines.statistics import NotEstimable, TwoGroups, fisher_p_value, miettinen_nurminen

COUNTED = (
    "Subjects with a treatment-emergent adverse event, {kind}, each once; records are all such events; denominator all "
    "treated subjects of the column"
)
GRADED = (
    "Subjects by the worst known toxicity grade of the term, missing where no record has one; denominator all treated "
    "subjects of the column"
)
AGAINST = (
    "Difference in proportions with Miettinen-Nurminen 95 % score interval, and Fisher's exact two-sided p-value, not "
    "adjusted for multiplicity; against the first column (arms by name, therapies in the order of study.yaml)"
)
COMPARED = ("any", "serious", "grade >=3")


def compute(tables: Tables) -> Iterator[Cell]:
    """Subjects and records of each term and kind, by single stratum and by planned arm, and comparisons."""
    whole = grid(tables["analysis.strata"], tables["analysis.column_sizes"], tables["analysis.event_counts"])
    for term in whole.terms:
        kinds = whole.kinds_of(term)
        for column in whole.columns:
            for kind in kinds:
                yield from _counted(whole, column, term, kind)
            if column.arm or column.stratum == "overall" or column.stratum.startswith("therapy: "):
                yield from _graded(whole, column, term)
        for column, first in whole.compared():
            for kind in (kind for kind in COMPARED if kind in kinds):
                yield from _against(whole, column, first, term, kind)


def _counted(whole: Grid, column: Column, term: Term, kind: str) -> Iterator[Cell]:
    n, records = whole.of(column, term, kind)
    place = column.place(term, kind, kind, COUNTED.format(kind=KINDS[kind]))
    yield from place.numbers(n=n, N=column.subjects, records=records)
    if column.subjects:
        yield from place.numbers(p=n / column.subjects)
    else:
        yield from place.not_estimable("no subjects", "p")


def _graded(whole: Grid, column: Column, term: Term) -> Iterator[Cell]:
    for worst in WORST:
        n, _ = whole.of(column, term, worst)
        yield from column.place(term, worst, worst, GRADED).numbers(n=n)


def _against(whole: Grid, column: Column, first: Column, term: Term, kind: str) -> Iterator[Cell]:
    name = first.arm or first.stratum.removeprefix("therapy: ")
    place = column.place(term, kind, f"{kind}: difference", AGAINST, against=name)
    groups = TwoGroups(
        events=whole.of(column, term, kind)[0],
        subjects=column.subjects,
        reference_events=whole.of(first, term, kind)[0],
        reference_subjects=first.subjects,
    )
    yield from place.estimate("difference", miettinen_nurminen([groups]))
    p_value = fisher_p_value(groups)
    if isinstance(p_value, NotEstimable):
        yield from place.not_estimable(p_value.reason, "p_value")
    else:
        yield from place.numbers(p_value=p_value)


ANALYSIS = Analysis(
    name="adverse_events",
    reads=("analysis.strata", "analysis.column_sizes", "analysis.event_counts"),
    compute=compute,
)
