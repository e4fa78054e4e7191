"""Tables of treatment: what was given, on which occasion, and how soon."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from reports.phrases import Phrase, say, span, subjects
from reports.results import Cells, Results, Stratum
from reports.tables import Column, Group, Heading, Table, of_results, table
from reports.titles import titled

TREATMENTS = {
    "tocilizumab": "Tocilizumab",
    "corticosteroids": "Corticosteroids",
    "other_anticytokine": "Other anticytokine",
    "vasopressors": "Vasopressors",
    "respiratory_support": "Respiratory support",
    "icu": "Intensive care",
}
TIMED = ("tocilizumab", "corticosteroids")


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """When treatment was given: the key of the table's title, its denominator, and the split of the ARD that has it."""

    title: str
    size: str = "With CRS"
    by: str | None = "any"


OCCASIONS = {
    "during CRS": Occasion(title="treated-during"),
    "any time": Occasion(title="treated-any-time", size="N", by=None),
    "before onset": Occasion(title="treated-before"),
}


def by_grade(results: Results, grades: Mapping[str, str]) -> Table:
    """Treatments during CRS, a column for each highest grade.

    Args:
        results: Where the numbers stand.
        grades: Grades, and how each is headed.
    """

    def show(grade: str, row: tuple[str, bool]) -> Phrase:
        treatment, is_size = row
        cells = results.at("interventions", treatment, "during CRS", by=grade)
        return say("{N:count}", cells) if is_size else subjects(cells)

    size = ("Subjects with CRS, N", (next(iter(TREATMENTS)), True))
    rows = Group(rows=(size, *((label, (treatment, False)) for treatment, label in TREATMENTS.items())))
    columns = [
        Column(heading=Heading(label=label, holds="n (%)"), show=partial(show, grade))
        for grade, label in grades.items()
    ]
    return table(titled("treated-by-grade"), "Treatment", (rows,), columns)


def by_stratum(results: Results, strata: Iterable[Group[Stratum]], occasion: str, also: str = "") -> Table:
    """Treatments on one occasion, a row for each stratum.

    Args:
        results: Where the numbers stand.
        strata: The rows.
        occasion: A name in ``OCCASIONS``.
        also: What to add to the caption.
    """

    def of(treatment: str, stratum: Stratum) -> Cells:
        return results.at("interventions", treatment, occasion, stratum, OCCASIONS[occasion].by)

    columns = [
        of_results(OCCASIONS[occasion].size, partial(of, "tocilizumab"), "{N:count}"),
        *(of_results(label, partial(of, name), subjects, "n (%)") for name, label in TREATMENTS.items()),
    ]
    return table(titled(OCCASIONS[occasion].title, also=also), "Stratum", strata, columns)


def times(results: Results, strata: Iterable[Group[Stratum]], also: str = "") -> Table:
    """Days from onset to the first tocilizumab and corticosteroid.

    Args:
        results: Where the numbers stand.
        strata: The rows.
        also: What to add to the caption.
    """
    caption = titled("days-to-treatment", also=also)
    columns = [column for treatment in TIMED for column in _time_columns(results, treatment)]
    return table(caption, "Stratum", strata, columns)


def _time_columns(results: Results, treatment: str) -> Iterator[Column[Stratum]]:
    def of(stratum: Stratum) -> Cells:
        return results.at("interventions", f"{treatment}_days_from_onset", "first episode", stratum)

    name = TREATMENTS[treatment]
    yield of_results(name, of, "{n:count}", "n")
    yield of_results(name, of, "{median:days}", "median")
    yield of_results(name, of, partial(span, style="days", low="q1", high="q3"), "Q1–Q3")
    yield of_results(name, of, partial(span, style="days", low="min", high="max"), "min–max")
