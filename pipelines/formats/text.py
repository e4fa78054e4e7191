"""Bytes to text: UTF-8, and Windows-1252 for what is not UTF-8."""

import codecs

import numpy as np
import polars as pl
import pyarrow as pa

# Five bytes mean nothing in Windows-1252; as in browsers they become the control characters of their
# number, so that no byte is lost.
_WINDOWS = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]
_HANDLER = "crsight-windows-1252"


def _windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(_WINDOWS[byte] for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_HANDLER, _windows)


def decode(raw: bytes) -> tuple[str, bool]:
    """The text of these bytes, and whether some had to be read as Windows-1252."""
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        return raw.decode("utf-8", _HANDLER), True


def decode_column(raw: pl.Series) -> tuple[pl.Series, int]:
    """The text of a column of bytes.

    Args:
        raw: A Binary column.

    Returns:
        A String column of the same name and length, and how many values were not UTF-8.
    """
    try:
        return raw.cast(pl.String), 0
    except pl.exceptions.ComputeError:
        decoded = [decode(value) for value in raw.fill_null(b"")]
        return pl.Series(raw.name, [text for text, _ in decoded]), sum(windows for _, windows in decoded)


def bytes_column(name: str, block: np.ndarray) -> pl.Series:
    """The Binary column of a block of fixed-width cells, one a row (uint8, rows x width)."""
    rows, width = block.shape
    cells = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(width), rows, [None, pa.py_buffer(np.ascontiguousarray(block))]
    )
    return pl.Series(name, cells.cast(pa.binary()))
