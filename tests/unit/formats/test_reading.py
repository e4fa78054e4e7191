"""What holds for every format: names, looks, place of a row, chunks."""

import gzip
import re

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.formats import EXTENSIONS, FormatError, open_dataset, write_dataset
from tests.unit.formats.helpers import put, read

WRITTEN = [extension for extension in EXTENSIONS if extension != ".sas7bdat"]
FRAME = pl.DataFrame({"AETERM": ["Fever", None, " CRS"], "AESEQ": [1.0, 2.0, None]})


@pytest.fixture(params=WRITTEN)
def file(request, tmp_path):
    path = tmp_path / f"ae{request.param}"
    write_dataset(FRAME, path, name="AE", label="Adverse Events")
    return path


def test_each_row_says_its_file_and_its_place_in_it(file):
    places = pl.concat(open_dataset(file).chunks(2)).select("_file", "_row")
    assert_frame_equal(places, pl.DataFrame({"_file": [file.name] * 3, "_row": [1, 2, 3]}))


def test_chunks_hold_no_more_rows_than_asked_for(file):
    assert [chunk.height for chunk in open_dataset(file).chunks(2)] == [2, 1]


def test_chunks_may_be_read_again(file):
    dataset = open_dataset(file)
    assert_frame_equal(pl.concat(dataset.chunks(1)), pl.concat(dataset.chunks(3)))


def test_a_dataset_without_rows_is_one_empty_frame_with_its_columns(file):
    write_dataset(FRAME.clear(), file, name="AE")
    [chunk] = open_dataset(file).chunks()
    assert chunk.schema == {"AETERM": pl.String, "AESEQ": pl.Float64, "_file": pl.String, "_row": pl.Int64}


def test_a_column_that_is_missing_throughout_keeps_its_type(file):
    missing = pl.DataFrame({"AETERM": ["Fever"], "AESEQ": [None]}, schema=FRAME.schema)
    write_dataset(missing, file, name="AE")
    assert_frame_equal(read(file), missing)


def test_the_domain_comes_from_the_name_of_the_file(file):
    assert open_dataset(file).name == "AE"


def test_upper_case_names_are_read_as_well(file):
    shouting = file.with_name(file.name.upper())
    file.rename(shouting)
    assert_frame_equal(read(shouting), FRAME)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_an_empty_file_is_refused(tmp_path, extension):
    path = put(tmp_path, f"dm{extension}", b"")
    with pytest.raises(
        FormatError, match=rf"^dm{re.escape(extension)}: byte 0: the file is empty; ask for it again\.$"
    ):
        open_dataset(path)


@pytest.mark.parametrize("name", ["dm.xlsx", "dm", ".csv", "dm.xpt.gz"])
def test_a_name_that_no_dataset_has_is_refused(tmp_path, name):
    with pytest.raises(FormatError, match=r"no dataset is called so; the name is a domain and one of .xpt, .sas7bdat"):
        open_dataset(put(tmp_path, name, b"x"))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FormatError, match=r"dm.csv: file: cannot be opened .No such file"):
        open_dataset(tmp_path / "dm.csv")


@pytest.mark.parametrize(
    ("name", "head", "looks"),
    [
        ("dm.xpt", b"<html><body>Not found", "an HTML or XML page"),
        ("dm.xpt", b"**COMPRESSED** **COMPRESSED** **COM", "a SAS CPORT file (export it with the XPORT engine)"),
        ("dm.csv", b"HEADER RECORD*******LIBRARY HEADER RECORD", "a SAS transport file"),
        ("dm.csv", b"PK\x03\x04\x14\x00", "an Excel workbook or a ZIP archive"),
        ("dm.csv", b"\xff\xfeS\x00T\x00", "text in UTF-16 (save it as UTF-8)"),
        ("dm.csv", b'{"datasetJSONVersion"', "JSON"),
        ("dm.csv", b"\x1f\x8b\x08\x00", "a gzip stream"),
        ("dm.csv", b"a,\x00\x01\x02\n", "binary data of no kind known here"),
        ("dm.csv.gz", b"a,b\n1,2\n", "plain text"),
        ("dm.json", b"[[1,2]]", "a JSON list"),
        ("dm.json", b"STUDYID,USUBJID\n", "plain text"),
        ("dm.dsjc", b'{"datasetJSONVersion"', "JSON"),
        ("dm.parquet", b"%PDF-1.7", "a PDF"),
        ("dm.sas7bdat", b"PAR1", "a Parquet file"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path, name, head, looks):
    with pytest.raises(FormatError, match=re.escape(f"{name}: byte 0: looks like {looks}, not .")):
        open_dataset(put(tmp_path, name, head))


def test_what_gzip_hides_is_looked_at_too(tmp_path):
    path = put(tmp_path, "dm.csv.gz", gzip.compress(b"PAR1\x00\x00"))
    with pytest.raises(FormatError, match=r"looks like a Parquet file, not CSV"):
        open_dataset(path)


@pytest.mark.parametrize("extension", [".csv", ".csv.gz", ".json", ".ndjson", ".dsjc", ".parquet", ".xpt"])
def test_two_names_that_differ_only_in_case_are_refused(tmp_path, extension):
    path = tmp_path / f"ae{extension}"
    write_dataset(pl.DataFrame({"AESEQ": [1.0], "aeseq": [2.0]}), path, name="AE")
    with pytest.raises(FormatError, match=r"column AESEQ: there are two of this name, but for case; rename one"):
        open_dataset(path)


@pytest.mark.parametrize("name", ["_file", "_ROW"])
def test_names_that_say_where_a_row_comes_from_are_refused(tmp_path, name):
    path = put(tmp_path, "ae.csv", f"AESEQ,{name}\n1,2\n")
    with pytest.raises(FormatError, match=rf"column 2 is called '{name}', which is kept for crsight"):
        open_dataset(path)


def test_a_refusal_survives_being_passed_between_processes(tmp_path):
    import pickle

    refusal = FormatError(tmp_path / "dm.xpt", "byte 0", "the file is empty.")
    assert str(pickle.loads(pickle.dumps(refusal))) == "dm.xpt: byte 0: the file is empty."
