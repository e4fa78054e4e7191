"""A number, where it stands, how it was made, and whose it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.statistics import Estimate, NotEstimable, Point

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number before it is put among the others."""

    place: "Place"
    stat_name: str
    stat: float | None
    stat_text: str | None = None
    warning: str | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a number stands: its stratum, its split, what is measured, and whose it is."""

    stratum: str
    variable: str
    variable_level: str
    method: str
    by_variable: str | None = None
    by_level: str | None = None
    subjects_sql: str | None = None

    def cell(self, stat_name: str, stat: float | None, text: str | None = None, warning: str | None = None) -> Cell:
        """One number at this place; text says what no number can."""
        return Cell(place=self, stat_name=stat_name, stat=stat, stat_text=text, warning=warning)

    def numbers(self, **stats: float | None) -> Iterator[Cell]:
        """Numbers at this place, by name of the statistic; those that are None are NE, not estimable."""
        for name, stat in stats.items():
            yield self.cell(name, stat, None if stat is not None else "NE")

    def point(self, answer: Point | NotEstimable) -> Iterator[Cell]:
        """A cumulative incidence with its limits, or why there is none."""
        if isinstance(answer, NotEstimable):
            for name in ("cif", "ci_low", "ci_high"):
                yield self.cell(name, None, "NE", answer.reason)
        else:
            yield from self.numbers(cif=answer.estimate, ci_low=answer.lower, ci_high=answer.upper)

    def quantile(self, answer: Estimate | NotEstimable) -> Iterator[Cell]:
        """A median with its limits; NR where the curve does not reach it."""
        if isinstance(answer, NotEstimable):
            for name in ("median", "ci_low", "ci_high"):
                yield self.cell(name, None, "NR", answer.reason)
        else:
            for name, stat in (
                ("median", answer.estimate),
                ("ci_low", answer.lower),
                ("ci_high", answer.upper),
            ):
                yield self.cell(name, stat, None if stat is not None else "NR")


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """An analysis: its name, the tables it reads, and how it makes cells of them."""

    name: str
    reads: tuple[str, ...]
    compute: Callable[[Tables], Iterator[Cell]]


def quoted(text: str) -> str:
    """The text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def whose(stratum: str, condition: str = "true", also: str = "") -> str:
    """A SELECT on a release that returns the subjects of a stratum for whom the condition holds.

    Args:
        stratum: Name of the stratum.
        condition: On ``r``, the subject's results, and whatever ``also`` joins.
        also: Further joins.
    """
    return (
        "select distinct r.studyid, r.usubjid from members as m "
        f"join subject_results as r using (studyid, usubjid, part) {also}"
        f"where m.stratum = {quoted(stratum)} and {condition} order by all"
    )


def whose_time(stratum: str, parameter: str, condition: str = "true") -> str:
    """A SELECT on a release that returns the subjects of a stratum by their time to an event.

    Args:
        stratum: Name of the stratum.
        parameter: PARAMCD.
        condition: On ``e``, the time (aval, cnsr), and ``r``, the subject's results.
    """
    also = "join time_to_event as e using (studyid, usubjid, part) "
    return whose(stratum, f"e.paramcd = {quoted(parameter)} and {condition}", also)
