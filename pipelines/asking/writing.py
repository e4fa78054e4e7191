"""An answer as a table for people, or as CSV, JSON or Parquet."""

import json
from typing import BinaryIO

import polars as pl


def write(answer: pl.DataFrame, format: str, out: BinaryIO) -> None:
    """Write the answer.

    Args:
        answer: Its rows.
        format: table, csv, json or parquet.
        out: Where to.
    """
    if format == "csv":
        _flat(_in_text(answer)).write_csv(out)
    elif format == "json":
        out.write(f"{_in_text(answer).write_json()}\n".encode())
    elif format == "parquet":
        answer.write_parquet(out)
    else:
        out.write(f"{_drawn(answer)}\n".encode())


def _drawn(answer: pl.DataFrame) -> str:
    with pl.Config(
        tbl_rows=-1,
        tbl_cols=-1,
        fmt_str_lengths=200,
        fmt_table_cell_list_len=20,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
        tbl_width_chars=250,
    ):
        return str(answer)


def _in_text(answer: pl.DataFrame) -> pl.DataFrame:
    """The answer with bytes as hexadecimal digits."""
    return answer.with_columns(pl.col(pl.Binary).bin.encode("hex"))


def _flat(answer: pl.DataFrame) -> pl.DataFrame:
    """The answer with lists and structures as JSON text, for CSV has no way to write them."""
    nested = [name for name, kind in answer.schema.items() if kind.is_nested()]
    return answer.with_columns(pl.Series(name, [_json(value) for value in answer[name].to_list()]) for name in nested)


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, default=str, ensure_ascii=False)
