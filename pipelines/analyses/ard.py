"""Analysis results data: cells as rows, with what they were computed on."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipelines.analyses.cells import Cell
from pipelines.analyses.labels import LABELS

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


def _row(analysis: str, cell: Cell, context: Context) -> dict[str, object]:
    told = {"stat_name": cell.stat_name, "stat_text": cell.stat_text, "warning": cell.warning}
    place = {name: value for name, value in vars(cell.place).items() if name != "among_sql"}
    row = {"analysis": analysis, **vars(context), **place, **told}
    key = "|".join(str(row[name]) for name in (*KEY, "stat_name"))
    if cell.stat is not None and not abs(cell.stat) < float("inf"):
        raise ValueError(f"{key}: {cell.stat} is not a number that can be printed.")
    return {
        **row,
        "subjects_sql": cell.place.whose(cell.stat_name),
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
