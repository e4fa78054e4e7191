"""SAS datasets (sas7bdat), by polars-readstat, with what it passes over looked at here."""

import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyreadstat
from polars_readstat import InformativeNullOpts, ScanReadstat, scan_readstat

from pipelines.formats import sas
from pipelines.formats.coded import batch_of
from pipelines.formats.dataset import Dataset, FormatError, Notes, Variable
from pipelines.formats.iso import plain

_HEADER_BYTES = 288
_CODE = "\x1fcode"
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def open_sas7bdat(path: Path, name: str) -> Dataset:
    """The dataset of a sas7bdat file, its length checked against its header.

    Raises:
        FormatError: If the file is cut short or cannot be read.
    """
    _refuse_cut(path)
    said = _metadata(path)
    member = said["table_name"] or name
    return Dataset(
        path=path,
        name=name,
        label="",
        format="SAS dataset (sas7bdat)",
        variables=tuple(_variable(column) for column in said["columns"]),
        read=partial(_read, path, said),
        opened=() if member.upper() == name else (f"the file calls its dataset {member}",),
    )


def _variable(column: dict[str, Any]) -> Variable:
    return Variable(
        name=column["name"],
        type="number" if column["type"] == "Numeric" and _kind(column) is None else "text",
        label=column["label"] or "",
        length=column["length"],
    )


def _kind(column: dict[str, Any]) -> sas.Kind | None:
    return sas.kind_of(column["format"]) if column["type"] == "Numeric" else None


def _refuse_cut(path: Path) -> None:
    """Hold the length against header + pages; a reader stops at the end of what there is and says nothing.

    Source: Shotwell M, "SAS7BDAT Database Binary Format" (page size and count in the header).
    """
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    size = path.stat().st_size
    expected = _expected_bytes(head) if len(head) == _HEADER_BYTES else _HEADER_BYTES
    if size != expected:
        problem = f"the header promises {expected} bytes, so the file is cut short or damaged; ask for it again."
        raise FormatError(path, f"byte {size}", problem)


def _expected_bytes(head: bytes) -> int:
    order = "<" if head[37] == 1 else ">"
    wide, shift = head[32:33] == b"3", 4 if head[35:36] == b"3" else 0
    header, page = struct.unpack_from(f"{order}2i", head, 196 + shift)
    (pages,) = struct.unpack_from(f"{order}{'q' if wide else 'i'}", head, 204 + shift)
    return header + page * pages


def _metadata(path: Path) -> dict[str, Any]:
    try:
        return ScanReadstat(str(path), preserve_order=True).metadata
    except Exception as error:  # the reader raises nothing narrower
        raise FormatError(path, "header", f"cannot be read ({error}); ask for the file again.") from error


def _read(path: Path, said: dict[str, Any], chunk: int, notes: Notes) -> Iterator[pa.RecordBatch]:
    done = 0
    codes = InformativeNullOpts(suffix=_CODE, use_value_labels=False)
    scan = scan_readstat(path, preserve_order=True, batch_size=chunk, informative_nulls=codes)
    try:
        for frame in scan.collect_batches(chunk_size=chunk, maintain_order=True, lazy=True):
            for part in frame.iter_slices(chunk):
                yield batch_of(_plain(path, said["columns"], part, done, notes))
                done += part.height
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise _unreadable(path, done, error) from error
    if done != said["row_count"]:
        problem = f"the header promises {said['row_count']} rows, {done} are there; save the dataset again in SAS."
        raise FormatError(path, f"row {done}", problem)


def _plain(path: Path, columns: list[dict[str, Any]], frame: pl.DataFrame, done: int, notes: Notes) -> pl.DataFrame:
    for name in [name for name in frame.columns if name.endswith(_CODE)]:
        notes.count_special(name.removesuffix(_CODE), frame[name].drop_nulls().to_list())
    return pl.DataFrame([_column(path, column, frame[column["name"]], done, notes) for column in columns])


def _column(path: Path, column: dict[str, Any], values: pl.Series, done: int, notes: Notes) -> pl.Series:
    kind = _kind(column)
    if values.dtype == pl.String:
        return _mended(path, values, done, notes)
    if kind is None and values.dtype.is_temporal():
        # The reader takes a sponsor's own format for a date's when it only begins like one.
        return _raw(path, values, done)
    if values.dtype == pl.Time:
        return _clock(path, values, done)
    if kind is not None and values.dtype == pl.Float64:
        return sas.dates(path, values, kind, done)
    return plain(path, values, done)


def _mended(path: Path, text: pl.Series, done: int, notes: Notes) -> pl.Series:
    # A byte that the file's encoding does not know comes as U+FFFD, without a word: it is Windows-1252.
    wrong = text.str.contains(_REPLACED, literal=True).fill_null(False)
    if not wrong.any():
        return text
    notes.count_windows(text.name, int(wrong.sum()))
    again = pl.Series(_again(path, text.name, done, len(text)), dtype=pl.String)
    return again.zip_with(wrong, text).alias(text.name)


def _clock(path: Path, times: pl.Series, done: int) -> pl.Series:
    # A time past 24 hours, which SAS knows, comes as missing.
    text = plain(path, times, done)
    if not text.has_nulls():
        return text
    return text.zip_with(text.is_not_null(), sas.dates(path, _raw(path, times, done), "time", done))


def _raw(path: Path, dates: pl.Series, done: int) -> pl.Series:
    """The numbers that the reader made dates or times of."""
    again = _again(path, dates.name, done, len(dates))
    return pl.Series(dates.name, again, dtype=pl.Float64).fill_nan(None)


def _again(path: Path, name: str, done: int, rows: int) -> Any:
    """The same cells of one column as pyreadstat reads them: numbers as they are, text as Windows-1252."""
    try:
        read, _ = pyreadstat.read_sas7bdat(
            str(path),
            usecols=[name],
            row_offset=done,
            row_limit=rows,
            encoding="WINDOWS-1252",
            disable_datetime_conversion=True,
            output_format="dict",
        )
    except pyreadstat.ReadstatError as error:
        raise _unreadable(path, done, error) from error
    return read[name]


def _unreadable(path: Path, done: int, error: BaseException) -> FormatError:
    problem = f"the rows from here on cannot be read ({error}), so the file is damaged; ask for it again."
    return FormatError(path, f"row {done + 1}", problem)
