"""CDISC Dataset-JSON 1.1 in its three forms: JSON, NDJSON, and DSJC (NDJSON compressed).

Source: CDISC Dataset-JSON 1.1 Specification, its NDJSON representation, and Compressed Dataset-JSON 1.1.
"""

import json
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.formats.coded import batch_of
from pipelines.formats.dataset import Dataset, FormatError, Notes
from pipelines.formats.json_columns import Column, frame_of, is_text, read_columns
from pipelines.formats.json_stream import DECODER, JsonStream
from pipelines.formats.streams import blocks, decode_noted, lines, texts, unpacked


def open_json(path: Path, name: str) -> Dataset:
    """The dataset of a Dataset-JSON file; its rows are checked as they are read.

    Raises:
        FormatError: If the file is no Dataset-JSON 1.1 or its metadata are incomplete.
    """
    metadata = _document_metadata(path)
    if "rows" not in metadata and metadata.get("records"):
        problem = f"records says {metadata['records']} but there are no rows; is it NDJSON? Then name it .ndjson."
        raise FormatError(path, "rows", problem)
    return _dataset(path, name, "Dataset-JSON 1.1", metadata)


def open_ndjson(path: Path, name: str) -> Dataset:
    """The dataset of a Dataset-JSON file with a row a line, plain (.ndjson) or compressed (.dsjc).

    Raises:
        FormatError: If the file is no Dataset-JSON 1.1 or its metadata are incomplete.
    """
    first = next(_lines(path), b"")
    metadata = _parsed(path, 1, first, Notes())
    if not isinstance(metadata, dict) or "rows" in metadata:
        raise FormatError(
            path, "line 1", "is not the metadata alone; NDJSON has them on the first line, then a row a line."
        )
    form = "compressed" if path.suffix.lower() == ".dsjc" else "NDJSON"
    return _dataset(path, name, f"Dataset-JSON 1.1 ({form})", metadata)


def _dataset(path: Path, name: str, form: str, metadata: dict[str, Any]) -> Dataset:
    _check_metadata(path, metadata)
    columns = read_columns(path, metadata.get("columns"))
    said = metadata["name"]
    read = _read_document if path.suffix.lower() == ".json" else _read_lines
    return Dataset(
        path=path,
        name=name,
        label=metadata["label"] if is_text(metadata.get("label")) else "",
        format=form,
        variables=tuple(column.variable for column in columns),
        read=partial(read, path, columns, metadata["records"]),
        opened=() if str(said).upper() == name else (f"the file calls its dataset {said}",),
    )


def _check_metadata(path: Path, metadata: dict[str, Any]) -> None:
    version = metadata.get("datasetJSONVersion")
    if not str(version).startswith("1.1"):
        found = "is missing" if version is None else f"is {version!r}"
        raise FormatError(path, "datasetJSONVersion", f"{found}; only Dataset-JSON 1.1 is read, export it as that.")
    if not is_text(metadata.get("name")):
        raise FormatError(path, "name", "is missing; Dataset-JSON 1.1 needs the dataset's name.")
    records = metadata.get("records")
    if not isinstance(records, int) or isinstance(records, bool) or records < 0:
        raise FormatError(path, "records", f"is {records!r}; Dataset-JSON 1.1 needs the number of rows.")


def _document_metadata(path: Path) -> dict[str, Any]:
    """The document's attributes; rows are passed over, and not even that once the columns are known."""
    stream, metadata = _stream(path, Notes()), {}
    for key in stream.items():
        if key != "rows":
            metadata[key] = stream.value()
            continue
        metadata["rows"] = True
        if "columns" in metadata and "records" in metadata:
            break
        for _ in stream.elements():
            pass
    return metadata


def _read_document(
    path: Path, columns: tuple[Column, ...], records: int, chunk: int, notes: Notes
) -> Iterator[pa.RecordBatch]:
    stream, done = _stream(path, notes), 0
    for key in stream.items():
        if key != "rows":
            stream.value()
            continue
        rows = stream.elements()
        while batch := list(islice(rows, chunk)):
            yield batch_of(frame_of(path, columns, batch, done))
            done += len(batch)
    if stream.peek():
        raise stream.error("more follows after the end of the document")
    _compare(records, done, notes)


def _read_lines(
    path: Path, columns: tuple[Column, ...], records: int, chunk: int, notes: Notes
) -> Iterator[pa.RecordBatch]:
    done, numbered = 0, enumerate(_lines(path), 1)
    next(numbered)
    rows = (_parsed(path, number, line, notes) for number, line in numbered if line.strip())
    while batch := list(islice(rows, chunk)):
        yield batch_of(frame_of(path, columns, batch, done))
        done += len(batch)
    if done < records:
        # Nothing marks the end of an NDJSON file, so only the count tells that it was cut between two lines.
        problem = f"the file ends here though records says {records}, so it is cut short; ask for it again."
        raise FormatError(path, f"row {done}", problem)
    _compare(records, done, notes)


def _compare(records: int, rows: int, notes: Notes) -> None:
    if records != rows:
        notes.said.append(f"records says {records}, the file has {rows}")


def _stream(path: Path, notes: Notes) -> JsonStream:
    return JsonStream(path, texts(blocks(path), notes))


def _lines(path: Path) -> Iterator[bytes]:
    return lines(unpacked(path) if path.suffix.lower() == ".dsjc" else blocks(path))


def _parsed(path: Path, number: int, line: bytes, notes: Notes) -> Any:
    try:
        return DECODER.decode(decode_noted(line, notes))
    except json.JSONDecodeError as error:
        problem = f"no JSON value ({error.msg} at character {error.pos + 1}); the file is cut short or no NDJSON."
        raise FormatError(path, f"line {number}", problem) from error
