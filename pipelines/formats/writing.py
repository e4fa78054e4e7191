"""Any table to a file, in the format its name says; the same bytes for the same table."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.formats.csv import write_csv
from pipelines.formats.dataset import FormatError
from pipelines.formats.iso import plain
from pipelines.formats.json_write import write_json
from pipelines.formats.names import split_name
from pipelines.formats.parquet import write_parquet
from pipelines.formats.sas import counted
from pipelines.formats.xpt_write import write_xpt

_CREATED = datetime(1960, 1, 1)


def write_dataset(
    frame: pl.DataFrame,
    path: Path,
    *,
    name: str,
    label: str = "",
    labels: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    keys: Sequence[str] = (),
    about: Mapping[str, Any] | None = None,
    created: datetime = _CREATED,
) -> None:
    """Write a table as a dataset: text and numbers, dates and times as ISO 8601 text, flags as Y and N.

    Args:
        frame: The rows. Null is blank or missing; NaN is missing.
        path: Where to; the extension says the format: .xpt (version 5), .json, .ndjson, .dsjc
            (Dataset-JSON 1.1), .csv, .csv.gz or .parquet.
        name: The dataset's name, such as DM.
        label: The dataset's label; CSV has no place for it.
        labels: Variables' labels by name; CSV has no place for them.
        formats: SAS formats, such as ``DATE9.``, by name of date, datetime or time: a transport file holds these as SAS
            numbers and Dataset-JSON tells of it; other formats hold them as text all the same.
        keys: Names of the variables that tell the records apart, in order; only Dataset-JSON has a place for them.
        about: More attributes of a Dataset-JSON file, such as ``metaDataRef``.
        created: What a file that says when it was made says.

    Raises:
        FormatError: If a name, label, value or column does not fit the format.
    """
    _, extension = split_name(path)
    formats = formats or {}
    table = _plain(frame, path, formats if extension == ".xpt" else {})
    said = {"name": name, "label": label, "labels": labels or {}}
    if extension == ".xpt":
        write_xpt(table, path, formats=formats, created=created, **said)
    elif extension in (".json", ".ndjson", ".dsjc"):
        write_json(table, path, formats=formats, keys=keys, about=about or {}, created=created, **said)
    elif extension == ".parquet":
        write_parquet(table, path, **said)
    elif extension in (".csv", ".csv.gz"):
        write_csv(table, path)
    else:
        raise FormatError(path, "name", f"{extension} is read but not written; choose another format.")


def _plain(frame: pl.DataFrame, path: Path, counting: Mapping[str, str]) -> pl.DataFrame:
    columns = [counted(path, column) if column.name in counting else plain(path, column) for column in frame]
    made = pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))
    for column in made.select(pl.col(pl.Float64)):
        if column.is_infinite().any():
            raise FormatError(path, f"column {column.name}", "holds an infinite number; make it missing.")
    return made
