"""Columns of outcome and duration, for rows by grade and rows by stratum alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from reports.phrases import estimate, span, subjects
from reports.results import OVERALL, Cells, Results, Stratum
from reports.tables import Column, of_results

OUTCOMES = {
    "resolved": "Resolved",
    "resolved with sequelae": "With sequelae",
    "ongoing": "Ongoing",
    "fatal": "Fatal",
    "unknown": "Unknown",
}
LANDMARKS = (7, 14, 28)
NAIVE = "resolved only"


@dataclass(frozen=True, kw_only=True)
class By:
    """Whose episodes: a stratum and a highest grade."""

    stratum: Stratum = OVERALL
    grade: str = "any"


def outcome_columns(results: Results) -> Iterator[Column[By]]:
    """Subjects with CRS, and each outcome.

    Args:
        results: Where the numbers stand.
    """

    def of(outcome: str, row: By) -> Cells:
        return results.at("outcome", "outcome", outcome, row.stratum, row.grade)

    yield of_results("With CRS", partial(of, "resolved"), "{N:count}")
    for outcome, label in OUTCOMES.items():
        yield of_results(label, partial(of, outcome), subjects, "n (%)")


def duration_columns(results: Results) -> Iterator[Column[By]]:
    """Censored median, resolution by day, and the naive median beside them.

    Args:
        results: Where the numbers stand.
    """

    def of(kind: str, row: By) -> Cells:
        return results.at("duration", "duration_days", kind, row.stratum, row.grade)

    yield of_results("With CRS", partial(of, "KM"), "{n:count}")
    yield of_results("Censored", partial(of, "KM"), "{n_censored:count}")
    yield of_results("Median", partial(of, "KM"), partial(estimate, name="median", style="days"), "days (95 % CI)")
    show = partial(estimate, name="cif", style="percent")
    for day in LANDMARKS:
        yield of_results(f"Resolved by day {day}", partial(of, f"day {day}"), show, "% (95 % CI)")
    naive = partial(of, NAIVE)
    yield of_results("Naive median", naive, "{median:days}", NAIVE)
    yield of_results("Q1–Q3", naive, partial(span, style="days", low="q1", high="q3"), NAIVE)
    yield of_results("Min–max", naive, partial(span, style="days", low="min", high="max"), NAIVE)
