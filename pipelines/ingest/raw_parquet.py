"""A dataset as one Parquet of the raw layer: its rows as received, and of each date what its text allows."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.dates import bounds
from pipelines.formats import Dataset
from pipelines.formats.coded import TEXT, distinct, recoded, spread

_DATE_PARTS = (("first", pa.int64()), ("last", pa.int64()), ("precision", TEXT))


def write_raw(dataset: Dataset, target: Path, wrote: Callable[[int], None]) -> int:
    """How many rows were written.

    Args:
        dataset: To be read from its first row.
        target: The Parquet file, there once it is whole.
        wrote: Called with the rows written so far.

    Raises:
        FormatError: If the dataset cannot be read whole.
    """
    beside = target.with_suffix(".tmp")
    rows, schema = 0, _schema(dataset)
    with _writer(beside, schema) as writer:
        for batch in _ahead(_with_dates(batch, schema) for batch in dataset.batches()):
            writer.write_batch(batch)
            rows += batch.num_rows
            wrote(rows)
    os.replace(beside, target)
    return rows


def _schema(dataset: Dataset) -> pa.Schema:
    parts = [pa.field(f"_{name.lower()}_{part}", kind) for name in _dates(dataset.schema) for part, kind in _DATE_PARTS]
    return pa.schema([*dataset.schema, *parts])


def _writer(place: Path, schema: pa.Schema) -> pq.ParquetWriter:
    whole = [field.name for field in schema if pa.types.is_int64(field.type)]
    return pq.ParquetWriter(
        place,
        schema,
        compression="zstd",
        # Twice as fast as the usual 3, and a tenth longer.
        compression_level=1,
        # Rows and seconds seldom repeat and differ little from the one before.
        use_dictionary=[name for name in schema.names if name not in whole],  # pyright: ignore[reportArgumentType]
        column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
        # Only a subject is ever looked for.
        write_statistics=[name for name in schema.names if name.upper() == "USUBJID"],  # pyright: ignore[reportArgumentType]
        # Without Arrow's own schema the columns are plain text to every reader.
        store_schema=False,
    )


def _ahead(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches, the next one read while one is written."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


def _dates(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if field.name.upper().endswith("DTC") and field.type == TEXT]


def _with_dates(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with, for each --DTC, the earliest and latest second its text allows, and its precision.

    Dates are read here, once, because SQL engines accept different texts as dates.
    """
    parts = [part for name in _dates(batch.schema) for part in _bounds(batch.column(name))]
    return pa.RecordBatch.from_arrays([*batch.columns, *parts], schema=schema)


def _bounds(texts: pa.DictionaryArray) -> tuple[pa.Array, ...]:
    allowed = bounds(distinct(texts))
    return spread(allowed["first"], texts), spread(allowed["last"], texts), recoded(texts, allowed["precision"])
