"""The short table of the first screen: the main numbers of all subjects and of each therapy."""

from collections.abc import Iterator
from functools import partial

from reports.phrases import Phrase, say, subjects
from reports.results import Cells, Results, Stratum
from reports.strata import NAMES, singles
from reports.tables import Column, Table, of_results, table
from reports.titles import titled

EVENTS = {"CRS": "any", "Grade ≥ 3": ">=3", "Grade 5": "5"}
SHOWN = ("", NAMES["study"], NAMES["therapy"])


def by_therapy(results: Results) -> Table:
    """CRS, its worst grades, its onset and tocilizumab; by study too when several are pooled.

    Args:
        results: Where the numbers stand.
    """
    rows = [group for group in singles(results) if group.label in SHOWN]
    return table(titled("by-therapy"), "Subjects", rows, _columns(results))


def _columns(results: Results) -> Iterator[Column[Stratum]]:
    def incidence(level: str, stratum: Stratum) -> Cells:
        return results.at("incidence", "max_grade", level, stratum)

    for label, level in EVENTS.items():
        yield of_results(label, partial(incidence, level), _of, "n / N (%)")
    onset = partial(results.at, "onset", "onset_days", "with CRS")
    yield of_results("Onset", onset, "{median:days}", "median day")
    tocilizumab = partial(results.at, "interventions", "tocilizumab", "during CRS", by="any")
    yield of_results("Tocilizumab", tocilizumab, subjects, "n (%) of those with CRS")


def _of(cells: Cells) -> Phrase:
    return say("{n:count} / {N:count} ({p:percent})" if cells["N"].stat else "{n:count} / {N:count}", cells)
