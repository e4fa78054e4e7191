"""SAS transport files (XPT), versions 5 and 8: read as fixed-width records, straight from their bytes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.formats import ibm, sas
from pipelines.formats.coded import coded
from pipelines.formats.dataset import Dataset, FormatError, Notes, Variable
from pipelines.formats.text import bytes_column, decode_column
from pipelines.formats.xpt_header import RECORD, Field, Header, read_header

_MEMBER = b"HEADER RECORD*******MEM"
_RECORDS = 100_000


def open_xpt(path: Path, name: str) -> Dataset:
    """The dataset of a transport file, its length checked against its headers.

    Raises:
        FormatError: If the file is cut short, holds a second dataset, or its headers make no sense.
    """
    header = read_header(path)
    rows = _count_rows(path, header)
    return Dataset(
        path=path,
        name=name,
        label=header.label,
        format=f"SAS transport v{header.version}",
        variables=tuple(_variable(field) for field in header.fields),
        read=partial(_read, path, header, rows),
        opened=() if header.member.upper() == name else (f"the file calls its dataset {header.member}",),
    )


def _variable(field: Field) -> Variable:
    plain = field.numeric and sas.kind_of(field.format) is None
    return Variable(name=field.name, type="number" if plain else "text", label=field.label, length=field.length)


def _count_rows(path: Path, header: Header) -> int:
    """How many observations the file holds.

    Version 5 stores no count: whole observations, then fewer than 80 blanks that fill the last record.
    """
    size = path.stat().st_size - header.start
    if size == 0 and not header.rows:
        return 0
    with path.open("rb") as file:
        _refuse_second_dataset(path, file, header.start)
        rows = size // header.width if header.rows is None else header.rows
        _refuse_cut(path, file, header, rows)
        return rows - (_blank_rows(file, header, rows) if header.rows is None else 0)


def _refuse_cut(path: Path, file: BinaryIO, header: Header, rows: int) -> None:
    end, size = header.start + rows * header.width, path.stat().st_size
    if 0 <= size - end < RECORD and not _between(file, end, size).strip(b" ") and size % RECORD == 0:
        return
    whole = min(rows, (size - header.start) // header.width)
    said = "" if header.rows is None else f" of {header.rows}"
    raise FormatError(
        path,
        f"byte {header.start + whole * header.width}",
        f"the file ends inside an observation or a record of {RECORD} bytes, after {whole}{said} whole rows, "
        "so it is cut short or damaged; ask for it again.",
    )


def _blank_rows(file: BinaryIO, header: Header, rows: int) -> int:
    # Where observations are short, the padding of the last record looks like blank observations.
    end = header.start + rows * header.width
    padding = _between(file, max(header.start, file.seek(0, SEEK_END) - RECORD + 1), end)
    return (len(padding) - len(padding.rstrip(b" "))) // header.width


def _between(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(max(0, end - start))


def _refuse_second_dataset(path: Path, file: BinaryIO, start: int) -> None:
    # A header begins where a record does, so that none lies across two blocks of whole records.
    done = start - start % RECORD
    file.seek(done)
    while block := file.read(_RECORDS * RECORD):
        at = block.find(_MEMBER)
        while at >= 0:
            if at % RECORD == 0 and done + at >= start:
                raise FormatError(
                    path, f"byte {done + at}", "a second dataset begins here; deliver one dataset a file."
                )
            at = block.find(_MEMBER, at + 1)
        done += len(block)


def _read(path: Path, header: Header, rows: int, chunk: int, notes: Notes) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as file, ThreadPoolExecutor() as pool:
        file.seek(header.start)
        for done in range(0, rows, chunk):
            size = min(chunk, rows - done)
            raw = file.read(size * header.width)
            if len(raw) < size * header.width:
                problem = "the file has become shorter while it was read; deliver it whole before it is read."
                raise FormatError(path, f"row {done + 1}", problem)
            block = np.frombuffer(raw, np.uint8).reshape(size, header.width)
            columns = list(pool.map(partial(_column, path, block, done, notes), header.fields))
            yield pa.RecordBatch.from_arrays(columns, names=[field.name for field in header.fields])


def _column(path: Path, block: np.ndarray, done: int, notes: Notes, field: Field) -> pa.Array:
    cells = block[:, field.offset : field.offset + field.length]
    if field.numeric:
        return _numbers(path, field, cells, done, notes)
    text, windows = decode_column(bytes_column(cells))
    notes.count_windows(field.name, windows)
    return text


def _numbers(path: Path, field: Field, cells: np.ndarray, done: int, notes: Notes) -> pa.Array:
    values, codes = ibm.to_floats(cells)
    special = codes[(codes != 0) & (codes != ord("."))]
    notes.count_special(field.name, [f".{chr(code)}" for code in special])
    numbers = pl.Series(field.name, values, nan_to_null=True)
    kind = sas.kind_of(field.format)
    return numbers.to_arrow() if kind is None else coded(sas.dates(path, numbers, kind, done))
