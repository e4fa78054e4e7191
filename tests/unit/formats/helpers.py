"""A file's rows as one frame, and files made for a test."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.formats import Dataset, open_dataset


def read(path: Path, rows: int = 250_000) -> pl.DataFrame:
    """The variables of a file, without where they come from."""
    return rows_of(open_dataset(path), rows)


def rows_of(dataset: Dataset, rows: int = 250_000) -> pl.DataFrame:
    return pl.concat(dataset.chunks(rows)).drop("_file", "_row")


def notes_of(path: Path) -> tuple[str, ...]:
    """The notes that reading the whole file leaves."""
    dataset = open_dataset(path)
    rows_of(dataset)
    return dataset.notes


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def metadata(columns: list[tuple[str, str]], records: int) -> dict[str, Any]:
    """Dataset-JSON's attributes for columns of these names and types."""
    return {
        "datasetJSONCreationDateTime": "2024-01-01T00:00:00",
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": "IG.AE",
        "records": records,
        "name": "AE",
        "label": "Adverse Events",
        "columns": [
            {"itemOID": f"IT.AE.{name}", "name": name, "label": name.title(), "dataType": kind}
            for name, kind in columns
        ],
    }


def as_json(folder: Path, columns: list[tuple[str, str]], rows: list[list[Any]], /, **more: Any) -> Path:
    """``ae.json`` with these columns and rows, and other attributes than usual if given."""
    return put(folder, "ae.json", json.dumps({**metadata(columns, len(rows)), **more, "rows": rows}))


def as_lines(columns: list[tuple[str, str]], rows: list[list[Any]], records: int | None = None) -> str:
    """The text of an NDJSON file with these columns and rows."""
    head = metadata(columns, len(rows) if records is None else records)
    return "".join(json.dumps(line) + "\n" for line in [head, *rows])
