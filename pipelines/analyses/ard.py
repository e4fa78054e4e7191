"""Analysis results data: one number a row, with what it was computed on, how, and whose it is."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.statistics import Estimate, NotEstimable, Point

Tables = Mapping[str, pl.DataFrame]

LABELS = {
    "n": "n",
    "N": "N",
    "p": "Proportion",
    "ci_low": "Lower 95 % confidence limit",
    "ci_high": "Upper 95 % confidence limit",
    "cif": "Cumulative incidence",
    "cif_competing": "Cumulative incidence of the competing event",
    "at_risk": "Subjects at risk",
    "n_subjects": "Subjects",
    "n_events": "Subjects with the event",
    "n_competing": "Subjects with a competing event first",
    "n_censored": "Subjects censored",
    "mean": "Mean",
    "sd": "Standard deviation",
    "median": "Median",
    "q1": "First quartile",
    "q3": "Third quartile",
    "min": "Minimum",
    "max": "Maximum",
}
# What makes a number the same number in the next run, and in the next cut.
KEY = (
    "analysis",
    "study",
    "population",
    "scale",
    "source",
    "stratum",
    "by_variable",
    "by_level",
    "variable",
    "variable_level",
)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every number of a run was computed on."""

    study: str
    cut: str
    scale: str
    source: str
    population: str = "Safety"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number before it is put among the others."""

    stratum: str
    variable: str
    variable_level: str
    stat_name: str
    stat: float | None = None
    stat_text: str | None = None
    by_variable: str | None = None
    by_level: str | None = None
    method: str
    warning: str | None = None
    subjects_sql: str | None = None


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """An analysis: its name, the tables it reads, and how it makes cells of them."""

    name: str
    reads: tuple[str, ...]
    compute: Callable[[Tables], Iterator[Cell]]


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
        return Cell(**vars(self), stat_name=stat_name, stat=stat, stat_text=text, warning=warning)

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


def ard_rows(analysis: str, cells: Iterable[Cell], strata: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The cells as rows of ``analysis.ard``.

    Args:
        analysis: Name of the analysis.
        cells: Its numbers.
        strata: ``analysis.strata``, which gives the groups of each stratum.
        context: What the numbers were computed on.

    Returns:
        The columns of ``analysis.ard`` but position.

    Raises:
        ValueError: If two cells would have one cell_id, or a number is not finite.
    """
    rows = [_row(analysis, cell, context) for cell in cells]
    if not rows:
        return pl.DataFrame()
    frame = pl.DataFrame(rows, infer_schema_length=None)
    _refuse_doubles(frame)
    return frame.join(strata.drop("position"), on="stratum", how="left", maintain_order="left").drop("stratum")


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


def _row(analysis: str, cell: Cell, context: Context) -> dict[str, object]:
    row = {"analysis": analysis, **vars(context), **vars(cell)}
    key = "|".join(str(row[name]) for name in (*KEY, "stat_name"))
    if cell.stat is not None and not abs(cell.stat) < float("inf"):
        raise ValueError(f"{key}: {cell.stat} is not a number that can be printed.")
    return {
        **row,
        "cell_id": hashlib.sha256(key.encode()).hexdigest()[:16],
        "stat_label": LABELS[cell.stat_name],
        "stat": None if cell.stat is None else float(cell.stat),
    }


def _refuse_doubles(frame: pl.DataFrame) -> None:
    doubled = frame.filter(pl.col("cell_id").is_duplicated())
    if doubled.height:
        first = doubled.row(0, named=True)
        raise ValueError(
            f"{first['analysis']}: {first['stratum']}, {first['variable_level']} {first['stat_name']} twice."
        )
