"""The rows of a CSV file as bytes, each held against the header's length."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc

from pipelines.formats.dataset import FormatError

_BLOCK_BYTES = 8 * 2**20
_END = b"\x1e"
_BYTES = pa.dictionary(pa.int32(), pa.binary())
_RAGGED = re.compile(r"Row #(\d+): Expected (\d+) columns, got (\d+)")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a CSV file is laid out; ``start`` is the (unpacked) byte after the header."""

    path: Path
    names: tuple[str, ...]
    delimiter: str
    start: int


def batches(layout: Layout, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """The rows as bytes, in codes.

    Args:
        layout: Of the file.
        columns: Which columns; the first of the file must be the first of these.

    Raises:
        FormatError: If a row has another number of values than the header, or a quote is never closed.
    """
    mark = _END + layout.delimiter.encode() * (len(layout.names) - 1) + b"\n"
    held, done = [], 0
    with opened(layout.path) as file:
        file.seek(layout.start)
        marked = pa.PythonFile(_Marked(file, mark), "r")
        try:
            for batch in pc.open_csv(marked, **_options(layout, columns)):
                yield from held
                held = [batch]
                done += batch.num_rows
        except pa.ArrowInvalid as error:
            raise _ragged(layout, str(error)) from error
    [last] = held
    if last.column(0)[-1].as_py() != _END:
        problem = "a quote is opened here and never closed; ask for the file again."
        raise FormatError(layout.path, f"row {done}", problem)
    yield last.slice(0, last.num_rows - 1)


class _Marked(io.RawIOBase):
    """A file with a row of its own behind it: a quote that is never closed swallows that row."""

    def __init__(self, file: io.BufferedIOBase, mark: bytes) -> None:
        self._file, self._mark, self._end = file, mark, b"\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = self._file.read(len(buffer))
        if not read and self._mark:
            read = self._mark if self._end == b"\n" else b"\n" + self._mark
            self._mark = b""
        self._end = read[-1:]
        buffer[: len(read)] = read
        return len(read)


def _options(layout: Layout, columns: list[str]) -> dict[str, object]:
    return {
        # Only one thread tells the number of a bad row.
        "read_options": pc.ReadOptions(column_names=layout.names, block_size=_BLOCK_BYTES, use_threads=False),
        "parse_options": pc.ParseOptions(
            delimiter=layout.delimiter, newlines_in_values=True, ignore_empty_lines=len(layout.names) > 1
        ),
        "convert_options": pc.ConvertOptions(column_types=dict.fromkeys(layout.names, _BYTES), include_columns=columns),
    }


def _ragged(layout: Layout, said: str) -> FormatError:
    # pyarrow would also hand over the row itself, but not when it is no UTF-8.
    told = _RAGGED.search(said)
    if told is None:
        problem = f"a row is longer than {_BLOCK_BYTES} bytes: is a quote never closed? Ask for the file again."
        return FormatError(layout.path, "rows", problem)
    row, expected, actual = told.groups()
    return FormatError(layout.path, f"row {row}", f"{actual} values for {expected} columns; ask for the file again.")


def zipped(path: Path) -> bool:
    """Whether the file's name says that it is packed with gzip."""
    return path.suffix.lower() == ".gz"


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedIOBase]:
    """The file's bytes, unpacked; a stream that is cut short or damaged is refused."""
    with (gzip.open if zipped(path) else open)(path, "rb") as file:
        try:
            yield file
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            problem = "the gzip stream is cut short or damaged from here on; ask for the file again."
            raise FormatError(path, f"unpacked byte {file.tell()}", problem) from error
