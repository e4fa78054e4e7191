"""A table written and read again is the same table."""

import json
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import jsonschema
import polars as pl
import pyreadstat
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.formats import EXTENSIONS, FormatError, open_dataset, write_dataset
from tests.unit.formats.dataset_json_schema import FIRST_LINE, WHOLE_FILE
from tests.unit.formats.helpers import read

WRITTEN = [extension for extension in EXTENSIONS if extension != ".sas7bdat"]
# Trailing blanks are padding, a blank is a missing value, a transport file has no NUL: none of these can come back.
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
words = st.text(characters, max_size=50).map(lambda text: text.rstrip(" ") or None)
numbers = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e70, max_value=1e70).filter(
    lambda number: number == 0 or abs(number) > 1e-70
)
frames = st.lists(st.tuples(words, st.none() | numbers, words), max_size=12).map(
    lambda rows: pl.DataFrame(
        rows, schema={"AETERM": pl.String, "AESTDY": pl.Float64, "AEOUT": pl.String}, orient="row"
    )
)


@pytest.mark.parametrize("extension", WRITTEN)
@given(frame=frames)
def test_what_is_written_is_read(extension, frame):
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"ae{extension}"
        write_dataset(frame, path, name="AE")
        assert_frame_equal(read(path, rows=5), frame, check_exact=True)


@pytest.mark.parametrize("extension", WRITTEN)
@given(cells=st.lists(words, max_size=12))
def test_one_column_of_text_is_read_as_written(extension, cells):
    assume(cells and cells[-1])
    frame = pl.DataFrame({"AETERM": cells}, schema={"AETERM": pl.String})
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"ae{extension}"
        write_dataset(frame, path, name="AE")
        assert_frame_equal(read(path), frame)


@pytest.mark.parametrize("extension", WRITTEN)
def test_dates_times_and_flags_are_written_as_sdtm_writes_them(tmp_path, extension):
    frame = pl.DataFrame(
        {
            "AESTDTC": [date(2024, 2, 29), None],
            "AEENDTC": [datetime(2024, 2, 29, 10, 30), datetime(2024, 3, 1, 0, 0, 0, 250_000)],
            "AETIME": [time(10, 30), None],
            "AESER": [True, False],
            "AESEQ": [1, 2],
            "AEACN": [None, None],
        }
    )
    write_dataset(frame, tmp_path / f"ae{extension}", name="AE")
    expected = pl.DataFrame(
        {
            "AESTDTC": ["2024-02-29", None],
            "AEENDTC": ["2024-02-29T10:30:00", "2024-03-01T00:00:00.250"],
            "AETIME": ["10:30:00", None],
            "AESER": ["Y", "N"],
            "AESEQ": [1.0, 2.0],
            "AEACN": pl.Series([None, None], dtype=pl.String),
        }
    )
    assert_frame_equal(read(tmp_path / f"ae{extension}"), expected)


@pytest.mark.parametrize("extension", [".xpt", ".json", ".ndjson", ".dsjc", ".parquet"])
def test_labels_are_kept(tmp_path, extension):
    path = tmp_path / f"ae{extension}"
    write_dataset(pl.DataFrame({"A": ["x"], "B": [1.0]}), path, name="AE", label="Events", labels={"A": "Term"})
    dataset = open_dataset(path)
    assert (dataset.label, [variable.label for variable in dataset.variables]) == ("Events", ["Term", ""])


@pytest.mark.parametrize("extension", WRITTEN)
def test_the_same_table_makes_the_same_bytes(tmp_path, extension):
    frame = pl.DataFrame({"AETERM": ["Fever"], "AESEQ": [1.5]})
    for name in ("a", "b"):
        write_dataset(frame, tmp_path / f"{name}{extension}", name="AE")
    assert (tmp_path / f"a{extension}").read_bytes() == (tmp_path / f"b{extension}").read_bytes()


DATED = pl.DataFrame(
    {
        "ASTDT": [date(1960, 1, 2), None, date(1582, 1, 1)],
        "ASTDTM": [datetime(1960, 1, 1, 0, 1), None, datetime(2026, 3, 1, 8, 30, 0, 250_000)],
        "ASTTM": [time(10, 30), None, time(0, 0, 1)],
    }
)
FORMATS = {"ASTDT": "DATE9.", "ASTDTM": "DATETIME20.", "ASTTM": "TIME8."}


@pytest.mark.parametrize("extension", WRITTEN)
def test_dates_with_a_format_are_read_as_those_without(tmp_path, extension):
    for name, formats in {"a": {}, "b": FORMATS}.items():
        write_dataset(DATED, tmp_path / f"{name}{extension}", name="AE", formats=formats)
    assert_frame_equal(*(read(tmp_path / f"{name}{extension}") for name in ("a", "b")))


def test_dates_with_a_format_are_sas_numbers_in_a_transport_file(tmp_path):
    write_dataset(DATED, tmp_path / "ae.xpt", name="AE", formats=FORMATS)
    found, said = pyreadstat.read_xport(tmp_path / "ae.xpt", disable_datetime_conversion=True)
    assert found.iloc[0].to_list() == [1.0, 60.0, 37_800.0]
    assert said.original_variable_types == {"ASTDT": "DATE9", "ASTDTM": "DATETIME20", "ASTTM": "TIME8"}


def test_dates_with_a_format_tell_of_it_in_dataset_json(tmp_path):
    write_dataset(DATED, tmp_path / "ae.json", name="AE", formats=FORMATS)
    columns = json.loads((tmp_path / "ae.json").read_text())["columns"]
    found = [(c["dataType"], c["targetDataType"], c["displayFormat"]) for c in columns]
    assert found == [
        ("date", "integer", "DATE9."),
        ("datetime", "integer", "DATETIME20."),
        ("time", "integer", "TIME8."),
    ]


def test_a_date_that_sas_does_not_know_is_refused(tmp_path):
    frame = pl.DataFrame({"ASTDT": [date(2026, 3, 1), date(1581, 12, 31)]})
    with pytest.raises(FormatError, match=r"^ae.xpt: row 2, column ASTDT: -138062 is outside what a SAS date can be"):
        write_dataset(frame, tmp_path / "ae.xpt", name="AE", formats=FORMATS)


def test_dataset_json_tells_its_keys_and_more_of_itself(tmp_path):
    frame = pl.DataFrame({"AESEQ": [1.0], "AETERM": ["Fever"], "USUBJID": ["P1"]})
    about = {"metaDataRef": "define.xml", "studyOID": "STDY.S1"}
    write_dataset(frame, tmp_path / "ae.json", name="AE", keys=("USUBJID", "AESEQ"), about=about)
    found = json.loads((tmp_path / "ae.json").read_text())
    jsonschema.validate(found, WHOLE_FILE)
    assert {key: found[key] for key in about} == about
    assert {column["name"]: column.get("keySequence") for column in found["columns"]} == {
        "AESEQ": 2,
        "AETERM": None,
        "USUBJID": 1,
    }


@pytest.mark.parametrize(("extension", "schema"), [(".json", WHOLE_FILE), (".ndjson", FIRST_LINE)])
def test_dataset_json_has_the_attributes_of_the_specification(tmp_path, extension, schema):
    path = tmp_path / f"ae{extension}"
    frame = pl.DataFrame({"AETERM": ["Fever", None], "AESEQ": [1.0, 2.0], "AEDOSE": [0.5, None], "AEOUT": [None, None]})
    write_dataset(frame, path, name="AE", label="Events", created=datetime(2026, 6, 30, 12))
    text = path.read_text() if extension == ".json" else path.read_text().splitlines()[0]
    jsonschema.validate(json.loads(text), schema)


@pytest.mark.parametrize(
    ("frame", "name", "labels", "place"),
    [
        ({"TOOLONGNAME": [1.0]}, "AE", {}, "name 'TOOLONGNAME': does not fit a version 5 file"),
        ({"A B": [1.0]}, "AE", {}, "name 'A B': does not fit a version 5 file"),
        ({"AESEQ": [1.0]}, "SUPPAELONG", {}, "name 'SUPPAELONG': does not fit a version 5 file"),
        ({"A": [1.0]}, "AE", {"A": "é" * 21}, "label of A: takes 42 bytes, at most 40 fit; shorten it."),
        ({"A": ["x", "é" * 101]}, "AE", {}, "row 2, column A: takes 202 bytes, at most 200 fit"),
        ({"A": ["x", "y\0z"]}, "AE", {}, "row 2, column A: holds the character NUL, which ends a text"),
        ({"A": [1.0, 1e76]}, "AE", {}, "row 2, column A: 1e+76 does not fit a transport file"),
        ({"A": ["x", None]}, "AE", {}, "row 2: is blank in every variable, which the format loses; drop it."),
        ({}, "AE", {}, "header: a transport file needs a variable; the table has none."),
    ],
)
def test_what_does_not_fit_a_transport_file_is_refused_before_a_byte_is_written(tmp_path, frame, name, labels, place):
    path = tmp_path / "ae.xpt"
    with pytest.raises(FormatError) as refusal:
        write_dataset(pl.DataFrame(frame), path, name=name, labels=labels)
    assert str(refusal.value).startswith(f"ae.xpt: {place}")
    assert not path.exists()


@pytest.mark.parametrize(
    ("column", "problem"),
    [
        ([[1, 2]], "column A: List(Int64) is neither text, number, date, time nor flag"),
        ([2**53 + 1], "row 1, column A: the integer is too long for a number and would lose digits"),
        ([float("inf")], "column A: holds an infinite number; make it missing."),
    ],
)
def test_what_is_no_text_and_no_number_is_refused(tmp_path, column, problem):
    with pytest.raises(FormatError) as refusal:
        write_dataset(pl.DataFrame({"A": column}), tmp_path / "ae.csv", name="AE")
    assert str(refusal.value).startswith(f"ae.csv: {problem}")


def test_sas7bdat_is_not_written(tmp_path):
    with pytest.raises(FormatError, match=r"sas7bdat is read but not written; choose another format"):
        write_dataset(pl.DataFrame({"A": [1.0]}), tmp_path / "ae.sas7bdat", name="AE")
