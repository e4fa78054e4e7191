"""Analysis results that are split in more than one way, such as by model and by covariate, in the order of the ARD."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from reports.results import Cell, Cells, Stratum, cell_of, stratum_of


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where numbers of an analysis stand; ``by_variable`` and ``by_level`` are the further split."""

    stratum: Stratum
    variable: str
    level: str
    by_variable: str | None = None
    by_level: str | None = None


def places(ard: pl.DataFrame, analysis: str) -> dict[Place, Cells]:
    """The statistics of every place of an analysis, by name; empty where the ARD has none.

    Args:
        ard: Rows of ``analysis.ard``.
        analysis: Such as ``risk_factors``.
    """
    found: dict[Place, dict[str, Cell]] = {}
    for row in ard.filter(pl.col("analysis") == analysis).sort("position").iter_rows(named=True):
        found.setdefault(_place(row), {})[row["stat_name"]] = cell_of(row)
    return dict(found)


def _place(row: dict) -> Place:
    return Place(
        stratum=stratum_of(row),
        variable=row["variable"],
        level=row["variable_level"],
        by_variable=row["by_variable"],
        by_level=row["by_level"],
    )


def levels_at(found: dict[Place, Cells], by_variable: str | None, variable: str) -> Iterator[tuple[Place, Cells]]:
    """The places of one split and variable."""
    return ((at, cells) for at, cells in found.items() if (at.by_variable, at.variable) == (by_variable, variable))
