"""Dates that SAS does not know, such as one of the year 202: left out of the files that hold SAS dates, and told."""

from dataclasses import replace

import polars as pl

from pipelines.datasets.content import Content, Variable
from pipelines.formats.sas import is_impossible


def with_sas_dates(content: Content) -> Content:
    """The content without the dates outside the years 1582 to 9999; its variables know how many they were.

    One mistyped year must not hold back a release. What was received is in --DTC as it stands.
    """
    columns, variables = [], []
    for variable in content.variables:
        column, left_out = _without(content.rows[variable.name], variable)
        columns.append(column)
        variables.append(replace(variable, left_out=left_out))
    return replace(content, variables=tuple(variables), rows=pl.DataFrame(columns))


def _without(column: pl.Series, variable: Variable) -> tuple[pl.Series, int]:
    if variable.format is None:
        return column, 0
    is_wrong = is_impossible(column).fill_null(value=False)
    return column.to_frame().select(pl.when(~is_wrong).then(pl.col(column.name))).to_series(), int(is_wrong.sum())
