"""The levels of the stratum variables, as comparisons between them take them."""

from collections.abc import Mapping

import polars as pl

from pipelines.analyses.cells import Tables

MISSING = "Missing"
STEPPED = "with step-up dosing a subject is in every dose level it reached, so the levels are no separate groups"
# Variables whose levels have an order in which CRS may rise.
ORDERED = ("dose", "tumour_burden")


def levels_of(strata: pl.DataFrame) -> Mapping[str, list[str]]:
    """Each stratum variable with its levels, in the order of reports."""
    single = strata.filter(pl.col("group1").is_not_null() & pl.col("group2").is_null()).sort("position")
    return dict(single.group_by("group1", maintain_order=True).agg("group1_level").iter_rows())


def is_stepped(tables: Tables) -> bool:
    """Whether any study divides its doses by their number, so that its subjects are in several dose levels."""
    return bool((tables["study.parameters"]["dose_by"] == "dose_number").any())
