"""What a released dataset is and holds: its place among the standards, its variables, and its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import polars as pl

from pipelines.errors import Refused
from pipelines.warehouse import frame, rows

_FORMATS: dict[type[pl.DataType], str] = {pl.Date: "DATE9.", pl.Datetime: "DATETIME20.", pl.Time: "TIME8."}
DATASETS = """
    select
        upper(d.dataset) as name, d.label, d.structure, d.class as dataset_class, d.subclass, d.standard, d.version,
        coalesce(t.comment, '') as about
    from reference.released_datasets as d
    left join duckdb_tables() as t
        on t.database_name = current_database() and t.schema_name = 'analysis' and t.table_name = d.dataset
    order by d.position
"""
VARIABLES = """
    select
        v.dataset, v.column_name as "column", v.variable as name, v.label, v.key, v.origin, v.predecessor, v.codelist,
        coalesce(c.comment, '') as about
    from reference.released_variables as v
    left join duckdb_columns() as c
        on c.database_name = current_database() and c.schema_name = 'analysis' and c.table_name = v.dataset
        and c.column_name = v.column_name
    order by v.position
"""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable: what it is called, where it is from, and what it holds.

    Args:
        column: Name in Parquet and crs.duckdb.
        name: ADaM name.
        key: Place in the dataset's key, or None.
        origin: Predecessor, Assigned or Derived.
        predecessor: Such as ``DM.ARM``, or None.
        codelist: Codelist of its values, or None.
        about: The comment of its column.
        format: SAS format of a date or datetime, or None.
        carries_on: The variable whose text of more than 200 bytes goes on in this one, or None.
        left_out: Dates left out because SAS has no number for them.
    """

    column: str
    name: str
    label: str
    key: int | None
    origin: str
    predecessor: str | None
    codelist: str | None
    about: str
    format: str | None = None
    carries_on: str | None = None
    left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class Content:
    """One dataset: what it is, its variables, and its rows in the order of its key."""

    name: str
    label: str
    structure: str
    dataset_class: str
    subclass: str | None
    standard: str
    version: str
    about: str
    variables: tuple[Variable, ...]
    rows: pl.DataFrame

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the variables that tell the records apart, in order."""
        placed = sorted((v.key, v.name) for v in self.variables if v.key is not None)
        return tuple(name for _, name in placed)

    @property
    def formats(self) -> dict[str, str]:
        """The SAS formats of the dates, by name."""
        return {v.name: v.format for v in self.variables if v.format is not None}


def read_contents(db: duckdb.DuckDBPyConnection) -> list[Content]:
    """The released datasets, in order, their variables named and put in order by the reference tables.

    Raises:
        Refused: If a column of a table has no name for release, or a variable no column.
    """
    variables = frame(db, VARIABLES).partition_by("dataset", as_dict=True, include_key=False)
    return [
        _content(db, about, [Variable(**row) for row in variables[(about["name"].lower(),)].iter_rows(named=True)])
        for about in frame(db, DATASETS).iter_rows(named=True)
    ]


def _content(db: duckdb.DuckDBPyConnection, about: dict[str, Any], variables: Sequence[Variable]) -> Content:
    dataset = about["name"].lower()
    _refuse_unnamed(db, dataset, {v.column for v in variables})
    found = _rows(db, dataset, variables)
    formatted = tuple(replace(v, format=_FORMATS.get(found[v.name].dtype.base_type())) for v in variables)
    return Content(**about, variables=formatted, rows=found)


def _rows(db: duckdb.DuckDBPyConnection, dataset: str, variables: Sequence[Variable]) -> pl.DataFrame:
    columns = ", ".join(f'"{v.column}" as "{v.name}"' for v in variables)
    keys = ", ".join(f'"{v.name}" nulls last' for v in sorted(variables, key=lambda v: v.key or 0) if v.key)
    return frame(db, f"select {columns} from analysis.{dataset} order by {keys}")


def _refuse_unnamed(db: duckdb.DuckDBPyConnection, dataset: str, named: set[str]) -> None:
    there = {row[0] for row in rows(db, f"describe analysis.{dataset}")}
    for column in sorted(there ^ named):
        wrong = "has no ADaM name" if column in there else "is not in the table"
        raise Refused(f"analysis.{dataset}: {column} {wrong}; make the table and reference.released_variables agree.")
