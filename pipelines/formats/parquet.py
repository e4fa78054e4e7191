"""Parquet files: types and blanks as they are, dates and times as ISO 8601 text."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.formats.coded import coded, compact
from pipelines.formats.dataset import Dataset, FormatError, Notes, Variable
from pipelines.formats.iso import plain
from pipelines.formats.names import refuse_names


def open_parquet(path: Path, name: str) -> Dataset:
    """The dataset of a Parquet file.

    Raises:
        FormatError: If the file is cut short or has a column that is neither text, number, date nor flag.
    """
    try:
        schema = pq.read_schema(path)
        refuse_names(path, schema.names)
        empty = _frame(schema.empty_table())
    except (pa.ArrowException, OSError, ValueError, pl.exceptions.PanicException) as error:
        problem = "the Parquet footer cannot be read, so the file is cut short or damaged; ask for it again."
        raise FormatError(path, f"byte {path.stat().st_size}", problem) from error
    return Dataset(
        path=path,
        name=name,
        label=_label(schema.metadata),
        format="Parquet",
        variables=tuple(_variable(plain(path, column), field) for column, field in zip(empty, schema, strict=True)),
        read=partial(_read, path),
    )


def _variable(column: pl.Series, field: pa.Field) -> Variable:
    kind = "text" if column.dtype == pl.String else "number"
    return Variable(name=column.name, type=kind, label=_label(field.metadata))


def _label(metadata: Mapping[bytes, bytes] | None) -> str:
    return (metadata or {}).get(b"label", b"").decode("utf-8", "replace")


def _read(path: Path, chunk: int, notes: Notes) -> Iterator[pa.RecordBatch]:
    done = 0
    try:
        with pq.ParquetFile(path, read_dictionary=_texts(path), page_checksum_verification=True) as file:
            for batch in file.iter_batches(batch_size=chunk):
                # Text that is not UTF-8 and places outside a dictionary are not looked for otherwise.
                batch.validate(full=True)
                columns = [_column(path, name, batch.column(i), done) for i, name in enumerate(batch.schema.names)]
                yield pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
                done += batch.num_rows
            promised = file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        problem = "the rows from here on cannot be read, so the file is damaged; ask for it again."
        raise FormatError(path, f"row {done + 1}", problem) from error
    if done != promised:
        problem = f"the footer promises {promised} rows, {done} are there, so the file is damaged; ask for it again."
        raise FormatError(path, f"row {done}", problem)


def _texts(path: Path) -> list[str]:
    # In codes as the file has them, which spares reading each value.
    return [field.name for field in pq.read_schema(path) if pa.types.is_string(field.type)]


def _column(path: Path, name: str, column: pa.Array, done: int) -> pa.Array:
    if isinstance(column, pa.DictionaryArray) and pa.types.is_string(column.type.value_type):
        return compact(column)
    made = plain(path, pl.Series(name, column), done)
    return coded(made) if made.dtype == pl.String else made.to_arrow()


def _frame(rows: pa.Table | pa.RecordBatch) -> pl.DataFrame:
    # Without what the file says of itself: polars panics where that is not UTF-8.
    return pl.DataFrame(pl.from_arrow(pa.Table.from_arrays(rows.columns, names=rows.schema.names)))


def write_parquet(frame: pl.DataFrame, path: Path, *, name: str, label: str, labels: Mapping[str, str]) -> None:
    """Write a Parquet file whose metadata carry the labels."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    fields = [field.with_metadata({"label": labels.get(field.name, "")}) for field in table.schema]
    schema = pa.schema(fields, metadata={"name": name, "label": label})
    pq.write_table(table.cast(schema), path, compression="zstd")
