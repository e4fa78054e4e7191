"""CSV files, plain or gzip: text as it is, and numbers where SDTM has numbers."""

import csv
import gzip
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path

import polars as pl
import pyarrow as pa

from pipelines.formats.coded import distinct, spread
from pipelines.formats.csv_numbers import may_be_number, to_numbers
from pipelines.formats.csv_rows import Layout, batches, opened, zipped
from pipelines.formats.dataset import Dataset, FormatError, Notes, Variable
from pipelines.formats.iso import whole
from pipelines.formats.names import refuse_names
from pipelines.formats.sniff import BOM, looks_like
from pipelines.formats.text import decode, decode_column

_HEAD_BYTES = 4096
_DELIMITERS = ",;\t"


def open_csv(path: Path, name: str) -> Dataset:
    """The dataset of a CSV file, all its rows checked once for their length and their numbers.

    Raises:
        FormatError: If a row has another number of values than the header, a quote is never closed, or the
            file is no CSV.
    """
    layout, unnamed = _layout(path)
    refuse_names(path, layout.names)
    wrong = _not_numbers(layout)
    numbers = {column for column in layout.names if may_be_number(column)} - wrong.keys()
    return Dataset(
        path=path,
        name=name,
        label="",
        format="CSV (gzip)" if zipped(path) else "CSV",
        variables=tuple(Variable(name=c, type="number" if c in numbers else "text") for c in layout.names),
        read=partial(_read, layout, numbers),
        opened=(
            *(f"column {number} has no name and is called column_{number}" for number in unnamed),
            *(f"{column}: kept as text, for row {row} is not a number" for column, row in wrong.items()),
        ),
    )


def _layout(path: Path) -> tuple[Layout, list[int]]:
    with opened(path) as file:
        _refuse_other(path, file.read(_HEAD_BYTES))
        file.seek(0)
        # Latin-1 keeps every byte, so that the header is split before its encoding is known.
        lines = (line.removeprefix(BOM).decode("latin-1") for line in iter(file.readline, b""))
        first = next(lines, "")
        delimiter = max(_DELIMITERS, key=first.count)
        try:
            names = next(csv.reader(chain([first], lines), delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            raise FormatError(
                path, "header", f"cannot be split into names ({error}); ask for the file again."
            ) from error
        start = file.tell()
    if not names:
        raise FormatError(path, "header", "the first line is blank; it must name the columns.")
    decoded = [decode(name.encode("latin-1"))[0].strip() for name in names]
    named = tuple(name or f"column_{number}" for number, name in enumerate(decoded, 1))
    unnamed = [number for number, name in enumerate(decoded, 1) if not name]
    return Layout(path=path, names=named, delimiter=delimiter, start=start), unnamed


def _not_numbers(layout: Layout) -> dict[str, int]:
    """The columns that SDTM defines as numbers and that are none here, each with its first such row."""
    wrong: dict[str, int] = {}
    candidates = [name for name in layout.names if may_be_number(name)]
    done = 0
    for batch in batches(layout, list(dict.fromkeys([layout.names[0], *candidates]))):
        for name in candidates:
            text, _ = decode_column(batch.column(name))
            first = spread(to_numbers(distinct(text)).is_nan(), text).index(True).as_py()
            if first >= 0:
                wrong.setdefault(name, done + first + 1)
        done += batch.num_rows
    return wrong


def _read(layout: Layout, numbers: set[str], chunk: int, notes: Notes) -> Iterator[pa.RecordBatch]:
    for batch in batches(layout, list(layout.names)):
        columns = [_column(name, batch.column(name), name in numbers, notes) for name in layout.names]
        made = pa.RecordBatch.from_arrays(columns, names=layout.names)
        yield from (made.slice(first, chunk) for first in range(0, made.num_rows, chunk))


def _column(name: str, raw: pa.DictionaryArray, is_number: bool, notes: Notes) -> pa.Array:
    text, windows = decode_column(raw)
    notes.count_windows(name, windows)
    return spread(to_numbers(distinct(text)), text) if is_number else text


def _refuse_other(path: Path, head: bytes) -> None:
    what, extensions = looks_like(head)
    if ".csv" not in extensions:
        raise FormatError(path, "byte 0", f"looks like {what}, not CSV; rename it or ask for the file again.")


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write CSV, gzip if the name ends so; whole numbers without a decimal point, missing as nothing."""
    integers = [column.name for column in frame.select(pl.col(pl.Float64)) if whole(column)]
    text = frame.with_columns(pl.col(integers).cast(pl.Int64)).write_csv().encode()
    # The time of writing and the name, which gzip would put in, would change the bytes.
    path.write_bytes(gzip.compress(text, mtime=0) if zipped(path) else text)
