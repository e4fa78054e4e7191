"""Columns of text with each distinct value once and a code for every row: what repeats is looked at once."""

import numpy as np
import polars as pl
import pyarrow as pa

TEXT = pa.dictionary(pa.int32(), pa.large_string())


def coded(texts: pl.Series) -> pa.DictionaryArray:
    """The column in codes.

    Args:
        texts: String; null stays null.
    """
    return _arrow(texts).dictionary_encode()


def with_values(column: pa.DictionaryArray, values: pl.Series) -> pa.DictionaryArray:
    """The column with other values, one for each of its codes, which may be alike."""
    return pa.DictionaryArray.from_arrays(column.indices, _arrow(values))


def recoded(column: pa.DictionaryArray, values: pl.Series) -> pa.DictionaryArray:
    """The column with other values for its codes.

    Args:
        column: In codes.
        values: String, one for each distinct value of the column; several may be alike, or null.

    Returns:
        The column in codes, its distinct values distinct and none of them null.
    """
    again = coded(values)
    if len(again.dictionary) == len(values):
        return pa.DictionaryArray.from_arrays(column.indices, again.dictionary)
    return pa.DictionaryArray.from_arrays(again.indices.take(column.indices), again.dictionary)


def compact(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The column without the values that none of its rows has, where they may be many."""
    if len(column.dictionary) <= len(column) // 8:
        return column
    used = column.indices.dictionary_encode()
    return pa.DictionaryArray.from_arrays(used.indices, column.dictionary.take(used.dictionary))


def spread(values: pl.Series, column: pa.DictionaryArray) -> pa.Array:
    """For every row the value that its code has; null where it has no code.

    Args:
        values: One for each distinct value of the column.
        column: In codes.
    """
    return values.to_arrow().take(column.indices)


def distinct(column: pa.DictionaryArray) -> pl.Series:
    """The distinct values, by code: String or Binary."""
    return pl.Series(column.dictionary)


def rows_of(column: pa.DictionaryArray, chosen: pl.Series) -> int:
    """How many rows have one of the chosen values.

    Args:
        column: In codes.
        chosen: Boolean, one for each distinct value.
    """
    return int(pl.Series(spread(chosen, column)).sum())


def constant(value: str, rows: int) -> pa.DictionaryArray:
    """A column that has one value in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([value], pa.large_string()))


def batch_of(frame: pl.DataFrame) -> pa.RecordBatch:
    """The frame as Arrow has it, its columns of text in codes."""
    columns = [coded(column) if column.dtype == pl.String else _arrow(column) for column in frame]
    return pa.RecordBatch.from_arrays(columns, names=frame.columns)


def frame_of_batch(batch: pa.RecordBatch) -> pl.DataFrame:
    """The batch as a frame, its columns of text as String."""
    plain = [c.dictionary_decode() if isinstance(c, pa.DictionaryArray) else c for c in batch.columns]
    return pl.DataFrame({name: pl.Series(column) for name, column in zip(batch.schema.names, plain, strict=True)})


def _arrow(column: pl.Series) -> pa.Array:
    # Not as views of text, which Arrow cannot code nor Parquet write.
    return column.to_arrow(compat_level=pl.CompatLevel.oldest())
