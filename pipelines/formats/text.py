"""Bytes to text: UTF-8, and Windows-1252 for what is not UTF-8."""

import codecs

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.formats.coded import distinct, rows_of, with_values

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


def decode_column(raw: pa.DictionaryArray) -> tuple[pa.DictionaryArray, int]:
    """The text of a column of bytes.

    Args:
        raw: Bytes, in codes.

    Returns:
        The text in codes, of which two may now stand for one text, and how many values were not UTF-8.
    """
    values = distinct(raw)
    try:
        return with_values(raw, values.cast(pl.String)), 0
    except pl.exceptions.ComputeError:
        decoded = [decode(value) for value in values]
        windows = pl.Series([is_windows for _, is_windows in decoded])
        return with_values(raw, pl.Series([text for text, _ in decoded])), rows_of(raw, windows)


def bytes_column(block: np.ndarray) -> pa.DictionaryArray:
    """The bytes of a block of fixed-width cells (uint8, rows x width), in codes."""
    rows = len(block)
    if rows and (block[0] == block[-1]).all() and (block == block[0]).all():
        return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), _cells(block[:1]))
    return _cells(block).dictionary_encode()


def _cells(block: np.ndarray) -> pa.Array:
    rows, width = block.shape
    cells = pa.py_buffer(np.ascontiguousarray(block))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), rows, [None, cells])
