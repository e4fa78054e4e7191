"""Dataset-JSON 1.1 files, valid against CDISC's schema."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.formats.iso import whole
from pipelines.formats.sas import kind_of


def write_json(
    frame: pl.DataFrame,
    path: Path,
    *,
    name: str,
    label: str,
    labels: Mapping[str, str],
    formats: Mapping[str, str],
    keys: Sequence[str],
    about: Mapping[str, Any],
    created: datetime,
) -> None:
    """Write JSON (.json), a row a line (.ndjson) or that as a zlib stream (.dsjc).

    Args:
        frame: String and Float64 columns only.
        path: Where to; the extension says which form.
        name: The dataset's name.
        label: The dataset's label.
        labels: Variables' labels by name; the label of any other is "".
        formats: SAS formats by name of dates that are ISO 8601 text here and SAS numbers elsewhere.
        keys: Names of the variables that tell the records apart, in order.
        about: More attributes of the file, such as ``metaDataRef``.
        created: Written as ``datasetJSONCreationDateTime``.
    """
    metadata = {
        "datasetJSONCreationDateTime": created.isoformat(timespec="seconds"),
        "datasetJSONVersion": "1.1.0",
        **about,
        "itemGroupOID": f"IG.{name}",
        "records": frame.height,
        "name": name,
        "label": label,
        "columns": [_column(name, column, labels, formats, keys) for column in frame],
    }
    with path.open("wb") as file:
        for block in _packed(path, _pieces(path, metadata, _rows(frame))):
            file.write(block)


def _column(
    dataset: str, column: pl.Series, labels: Mapping[str, str], formats: Mapping[str, str], keys: Sequence[str]
) -> dict[str, Any]:
    entry = {
        "itemOID": f"IT.{dataset}.{column.name}",
        "name": column.name,
        "label": labels.get(column.name, ""),
        **_typed(column, formats.get(column.name)),
    }
    return {**entry, "keySequence": keys.index(column.name) + 1} if column.name in keys else entry


def _typed(column: pl.Series, shown: str | None) -> dict[str, Any]:
    if shown is not None:
        return {"dataType": kind_of(shown), "targetDataType": "integer", "displayFormat": shown}
    if column.dtype == pl.String:
        return {"dataType": "string", "length": max(1, column.str.len_chars().max() or 1)}
    return {"dataType": "integer" if whole(column) else "double"}


def _rows(frame: pl.DataFrame) -> Iterator[str]:
    numbers = frame.select(pl.col(pl.Float64))
    integers = [column.name for column in numbers if whole(column)]
    for row in frame.with_columns(pl.col(integers).cast(pl.Int64)).iter_rows():
        yield _dump(row)


def _pieces(path: Path, metadata: Mapping[str, Any], rows: Iterator[str]) -> Iterator[bytes]:
    if path.suffix.lower() != ".json":
        yield f"{_dump(metadata)}\n".encode()
        yield from (f"{row}\n".encode() for row in rows)
        return
    yield f'{_dump(metadata)[:-1]},"rows":['.encode()
    for number, row in enumerate(rows):
        yield f"{',' if number else ''}\n{row}".encode()
    yield b"]}\n"


def _packed(path: Path, pieces: Iterator[bytes]) -> Iterator[bytes]:
    if path.suffix.lower() != ".dsjc":
        yield from pieces
        return
    stream = zlib.compressobj(9)
    yield from (stream.compress(piece) for piece in pieces)
    yield stream.flush()


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
