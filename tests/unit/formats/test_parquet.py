"""Parquet files: types of any writer as text and numbers."""

from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.formats import FormatError, Variable, open_dataset
from tests.unit.formats.helpers import put, read


def saved(folder, column):
    path = folder / "ae.parquet"
    pq.write_table(pa.table({"A": column}), path)
    return path


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (pa.array([1, None], pa.int8()), [1.0, None]),
        (pa.array([1.5, float("nan")], pa.float32()), [1.5, None]),
        (pa.array([Decimal("8.55"), None]), [8.55, None]),
        (pa.array(["x ", ""]).dictionary_encode(), ["x", None]),
        (pa.array(["x", None], pa.large_string()), ["x", None]),
        (pa.array([True, False, None]), ["Y", "N", None]),
        (pa.array([19782, None], pa.date32()), ["2024-02-29", None]),
        (pa.array([datetime(2024, 2, 29, 10, 30)], pa.timestamp("ns")), ["2024-02-29T10:30:00"]),
        (pa.array([datetime(2024, 2, 29, 10)], pa.timestamp("us", "UTC")), ["2024-02-29T10:00:00+00:00"]),
        (pa.array([253402300799], pa.timestamp("s")), ["9999-12-31T23:59:59"]),
        (pa.array([37800], pa.time32("s")), ["10:30:00"]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_a_column_of_any_plain_type_is_text_or_numbers(tmp_path, column, values):
    assert read(saved(tmp_path, column))["A"].to_list() == values


@pytest.mark.parametrize(
    "column", [pa.array([[1]]), pa.array([{"x": 1}]), pa.array([b"x"]), pa.array([1], pa.duration("s"))]
)
def test_a_nested_or_binary_column_is_refused(tmp_path, column):
    with pytest.raises(FormatError, match=r"ae.parquet: column A: .* is neither text, number, date, time nor flag"):
        open_dataset(saved(tmp_path, column))


@pytest.mark.parametrize(
    "column", [pa.array([0, 3_000_000], pa.date32()), pa.array([0, 2**62], pa.timestamp("us", "UTC"))]
)
def test_a_date_that_cannot_be_is_refused_with_its_row(tmp_path, column):
    with pytest.raises(FormatError, match=r"ae.parquet: row 2, column A: the date is not of the years 1 to 9999"):
        read(saved(tmp_path, column), rows=1)


def test_an_integer_too_long_for_a_number_is_refused_with_its_row(tmp_path):
    path = saved(tmp_path, pa.array([1, 2, 2**53 + 1]))
    with pytest.raises(FormatError, match=r"ae.parquet: row 3, column A: the integer is too long for a number"):
        read(path, rows=2)


def test_labels_of_other_writers_are_kept(tmp_path):
    field = pa.field("AETERM", pa.string(), metadata={"label": "Reported Term"})
    table = pa.table({"AETERM": ["x"]}).cast(pa.schema([field], metadata={"label": "Adverse Events"}))
    pq.write_table(table, tmp_path / "ae.parquet")
    dataset = open_dataset(tmp_path / "ae.parquet")
    assert (dataset.label, dataset.variables) == (
        "Adverse Events",
        (Variable(name="AETERM", type="text", label="Reported Term"),),
    )


def test_a_file_cut_anywhere_is_refused(tmp_path):
    whole = saved(tmp_path, pa.array(["x" * 100])).read_bytes()
    for size in range(4, len(whole), 7):
        path = put(tmp_path, "ae.parquet", whole[:size])
        with pytest.raises(FormatError, match=rf"byte {size}: the Parquet footer cannot be read"):
            open_dataset(path)


def test_damaged_rows_are_refused(tmp_path):
    content = bytearray(saved(tmp_path, pa.array([str(row) for row in range(10_000)])).read_bytes())
    content[4:200] = bytes(196)
    with pytest.raises(FormatError, match=r"row 1: the rows from here on cannot be read, so the file is damaged"):
        read(put(tmp_path, "ae.parquet", content))


def test_the_first_rows_are_there_before_the_last_are_read(tmp_path):
    path = saved(tmp_path, pa.array(range(100_000)))
    assert next(open_dataset(path).chunks(10))["A"].to_list() == [float(row) for row in range(10)]
