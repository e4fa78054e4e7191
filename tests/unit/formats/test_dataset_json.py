"""Dataset-JSON 1.1: cells of every type, both compressions, and what is refused."""

import gzip
import json
import zlib

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.formats import FormatError, Variable, open_dataset
from tests.unit.formats.helpers import as_json, as_lines, metadata, notes_of, put, read

COLUMNS = [("AETERM", "string"), ("AESEQ", "integer")]
ROWS = [["Fever", 1], ["Crohn’s", None], ["", 3]]
WHOLE = json.dumps({**metadata(COLUMNS, 3), "rows": ROWS})
TABLE = pl.DataFrame({"AETERM": ["Fever", "Crohn’s", None], "AESEQ": [1.0, None, 3.0]})


@pytest.mark.parametrize("compress", [zlib.compress, gzip.compress])
def test_compressed_files_are_zlib_or_gzip(tmp_path, compress):
    path = put(tmp_path, "ae.dsjc", compress(as_lines(COLUMNS, ROWS).encode()))
    assert_frame_equal(read(path), TABLE)


@pytest.mark.parametrize("indent", [None, 0, 30])
def test_json_may_be_laid_out_in_any_way(tmp_path, indent):
    text = json.dumps({**metadata(COLUMNS, 3), "rows": ROWS}, indent=indent)
    assert_frame_equal(read(put(tmp_path, "ae.json", "\ufeff" + text), rows=1), TABLE)


def test_attributes_may_follow_the_rows(tmp_path):
    path = put(tmp_path, "ae.json", json.dumps({"rows": ROWS, **metadata(COLUMNS, 3)}))
    assert_frame_equal(read(path), TABLE)


def test_rows_may_be_longer_than_what_is_read_at_a_time(tmp_path):
    rows = [["x" * 200_000, 1], ["é" * 100_001, 2]]
    expected = pl.DataFrame(rows, schema={"AETERM": pl.String, "AESEQ": pl.Float64}, orient="row")
    assert_frame_equal(read(as_json(tmp_path, COLUMNS, rows)), expected)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("string", "Fever ", "Fever"),
        ("string", "  2", "  2"),
        ("string", "", None),
        ("string", "NA", "NA"),
        ("URI", "http://x.org", "http://x.org"),
        ("date", "2024-02", "2024-02"),
        ("datetime", "2024-02-29", "2024-02-29"),
        ("time", None, None),
        ("boolean", True, "Y"),
        ("boolean", False, "N"),
        ("integer", 7, 7.0),
        ("integer", 7.5, 7.5),
        ("integer", "", None),
        ("double", 1e-3, 0.001),
        ("float", None, None),
        ("decimal", "8.55", 8.55),
        ("decimal", " 1", 1.0),
        ("decimal", "NA", None),
        ("decimal", "-.5E1", -5.0),
        ("decimal", "1,234,567.8", 1234567.8),
    ],
)
def test_a_cell_means_what_its_data_type_says(tmp_path, kind, cell, value):
    assert read(as_json(tmp_path, [("A", kind)], [[cell]]))["A"].to_list() == [value]


@pytest.mark.parametrize(
    ("kind", "cell", "found"),
    [
        ("integer", "seven", "'seven'"),
        ("integer", True, "True"),
        ("integer", 2**53 + 1, "9007199254740993"),
        ("decimal", "1,5", "'1,5'"),
        ("decimal", "nan", "'nan'"),
        ("double", "1_0", "'1_0'"),
        ("double", [1], "[1]"),
        ("string", 12, "a int"),
        ("boolean", 1, "a int"),
        ("date", 23000, "a int"),
    ],
)
def test_a_cell_of_another_type_is_refused_with_its_row_and_column(tmp_path, kind, cell, found):
    path = as_json(tmp_path, [("A", kind)], [[None], [cell]])
    with pytest.raises(FormatError) as refusal:
        read(path, rows=1)
    expected = f"ae.json: row 2, column A: {found} is not of type {kind}; correct the value or the dataType."
    assert str(refusal.value) == expected


def test_numbers_displayed_as_sas_dates_become_iso_8601(tmp_path):
    head = metadata([("ADT", "integer"), ("ADTM", "double")], 1)
    head["columns"][0] |= {"displayFormat": "DATE9."}
    head["columns"][1] |= {"displayFormat": "E8601DT."}
    path = put(tmp_path, "ae.json", json.dumps({**head, "rows": [[21974, 1898591400]]}))
    expected = pl.DataFrame({"ADT": ["2020-02-29"], "ADTM": ["2020-02-29T10:30:00"]})
    assert_frame_equal(read(path), expected)


def test_columns_are_described(tmp_path):
    head = metadata(COLUMNS, 0)
    head["columns"][0] |= {"length": 200}
    dataset = open_dataset(put(tmp_path, "ae.json", json.dumps(head)))
    assert (dataset.format, dataset.label) == ("Dataset-JSON 1.1", "Adverse Events")
    assert dataset.variables == (
        Variable(name="AETERM", type="text", label="Aeterm", length=200),
        Variable(name="AESEQ", type="number", label="Aeseq"),
    )


def test_more_rows_than_promised_are_read_and_noted(tmp_path):
    path = as_json(tmp_path, COLUMNS, ROWS, records=2)
    assert_frame_equal(read(path), TABLE)
    assert notes_of(path) == ("records says 2, the file has 3",)


def test_fewer_rows_than_promised_are_read_and_noted_where_the_document_is_whole(tmp_path):
    assert notes_of(as_json(tmp_path, COLUMNS, ROWS, records=72)) == ("records says 72, the file has 3",)


def test_fewer_lines_than_promised_are_refused(tmp_path):
    path = put(tmp_path, "ae.ndjson", as_lines(COLUMNS, ROWS, records=72))
    with pytest.raises(FormatError, match=r"ae.ndjson: row 3: the file ends here though records says 72"):
        read(path)


@pytest.mark.parametrize("name", ["ae.json", "ae.ndjson"])
def test_text_that_is_not_utf_8_is_read_as_windows_1252(tmp_path, name):
    text = as_lines(COLUMNS, ROWS) if name == "ae.ndjson" else as_json(tmp_path, COLUMNS, ROWS).read_text()
    path = put(tmp_path, name, json_without_escapes(text).encode("cp1252"))
    assert_frame_equal(read(path), TABLE)
    assert notes_of(path) == ("text that is not UTF-8 read as Windows-1252",)


def json_without_escapes(text):
    return text.replace("\\u2019", "’")


@pytest.mark.parametrize("name", ["ae.json", "ae.ndjson", "ae.dsjc"])
def test_a_file_cut_anywhere_is_refused(tmp_path, name):
    whole = {
        "ae.json": as_json(tmp_path, COLUMNS, ROWS).read_bytes(),
        "ae.ndjson": as_lines(COLUMNS, ROWS).rstrip().encode(),
        "ae.dsjc": zlib.compress(as_lines(COLUMNS, ROWS).encode()),
    }[name]
    for size in range(1, len(whole)):
        with pytest.raises(FormatError, match=name):
            read(put(tmp_path, name, whole[:size]))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"datasetJSONVersion": "1.0.0"}, "datasetJSONVersion: is '1.0.0'; only Dataset-JSON 1.1 is read"),
        ({"datasetJSONVersion": None}, "datasetJSONVersion: is missing; only Dataset-JSON 1.1 is read"),
        ({"name": None}, "name: is missing"),
        ({"records": "3"}, "records: is '3'; Dataset-JSON 1.1 needs the number of rows."),
        ({"columns": []}, "columns: lists no column"),
        ({"columns": [{"label": "Term"}]}, "columns[0]: has no name"),
        ({"columns": [{"name": "A"}]}, "columns[0] (A): dataType is missing; give one of URI, boolean, date"),
        ({"columns": [{"name": "A", "dataType": "text"}]}, "columns[0] (A): dataType 'text' is unknown; give one of"),
    ],
)
def test_incomplete_metadata_are_refused(tmp_path, change, problem):
    path = as_json(tmp_path, COLUMNS, ROWS, **change)
    with pytest.raises(FormatError) as refusal:
        open_dataset(path)
    assert str(refusal.value).startswith(f"ae.json: {problem}")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("ae.json", as_lines(COLUMNS, ROWS), "rows: records says 3 but there are no rows; is it NDJSON?"),
        ("ae.ndjson", WHOLE, "line 1: is not the metadata alone"),
        ("ae.ndjson", as_lines(COLUMNS, [["a", 1, 2]]), "row 1: 3 values for 2 columns"),
        ("ae.ndjson", as_lines(COLUMNS, [{"AESEQ": 1}]), "row 1: no list of values for 2 columns"),
        ("ae.ndjson", as_lines(COLUMNS, [["a", float("nan")]]), "line 2: no JSON value (NaN is not JSON"),
        ("ae.json", WHOLE + "x", f"character {len(WHOLE) + 1}: more follows after"),
        ("ae.json", '{"name": "AE", rows: []}', "character 16: expected a key in quotes, found r"),
    ],
)
def test_what_is_no_dataset_is_refused(tmp_path, name, text, problem):
    with pytest.raises(FormatError) as refusal:
        read(put(tmp_path, name, text))
    assert str(refusal.value).startswith(f"{name}: {problem}")


def test_the_first_rows_are_there_before_the_last_are_read(tmp_path):
    whole = as_json(tmp_path, COLUMNS, [["Fever", 1]] * 50_000).read_text()
    path = put(tmp_path, "ae.json", whole[:-100_000])
    assert next(open_dataset(path).chunks(10)).height == 10


def test_bytes_after_a_compressed_stream_are_refused(tmp_path):
    path = put(tmp_path, "ae.dsjc", zlib.compress(as_lines(COLUMNS, ROWS).encode()) + b"more")
    with pytest.raises(FormatError, match=r"ae.dsjc: byte \d+: the compressed stream is cut short, or more follows it"):
        read(path)
