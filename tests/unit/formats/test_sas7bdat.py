"""SAS datasets: what the library that reads them passes over."""

import math

import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from pipelines.formats import FormatError, Variable, open_dataset
from tests.unit.formats.helpers import notes_of, put, read
from tests.unit.formats.sas7bdat_writer import HEADER, MACHINES, PAGE, UTF_8, Column, missing, sas7bdat

RESULTS = Column(name="VSSTRESN", values=[36.5, missing("."), 38.25, math.nan], label="Numeric result")
POSITIONS = Column(name="VSPOS", values=[b"SITTING", b" SUPINE  ", b"", b"   "], label="Position")
MANY = Column(name="VSSEQ", values=[float(number) for number in range(1, 1501)])


def saved(folder, *columns, name="VS", **more):
    """``vs.sas7bdat`` with these columns."""
    return put(folder, "vs.sas7bdat", sas7bdat(*columns, name=name, **more))


def test_text_numbers_and_blanks_are_read(tmp_path):
    expected = pl.DataFrame({"VSSTRESN": [36.5, None, 38.25, None], "VSPOS": ["SITTING", " SUPINE", None, None]})
    assert_frame_equal(read(saved(tmp_path, RESULTS, POSITIONS), rows=3), expected)


def test_variables_have_their_types_labels_and_lengths(tmp_path):
    assert open_dataset(saved(tmp_path, RESULTS, POSITIONS)).variables == (
        Variable(name="VSSTRESN", type="number", label="Numeric result", length=8),
        Variable(name="VSPOS", type="text", label="Position", length=9),
    )


def test_a_dataset_called_otherwise_than_its_file_is_noted(tmp_path):
    assert notes_of(saved(tmp_path, RESULTS, name="VITALS")) == ("the file calls its dataset VITALS",)


@pytest.mark.parametrize("machine", MACHINES, ids=str)
def test_the_rows_of_every_page_are_those_that_pyreadstat_finds(tmp_path, machine):
    texts = Column(name="VSTESTCD", values=[b"TEMP", b"SYSBP", b"PULSE"] * 500)
    path = saved(tmp_path, MANY, texts, machine=machine)
    theirs, _ = pyreadstat.read_sas7bdat(path, output_format="dict")
    assert path.stat().st_size > HEADER + 3 * PAGE
    assert_frame_equal(read(path, rows=400), pl.DataFrame(theirs))
    assert theirs["VSSEQ"] == MANY.values


@pytest.mark.parametrize(
    ("format_", "value", "text"),
    [
        ("DATETIME18.", 1738507332, "2015-02-02T14:42:12"),
        ("E8601DT19.", -356840880, "1948-09-09T21:32:00"),
        ("MMDDYY10.", 20121, "2015-02-02"),
        ("DATE9.", -4124, "1948-09-16"),
        ("WEEKDATE29.", 0, "1960-01-01"),
        ("TIME8.", 52932, "14:42:12"),
    ],
)
def test_dates_and_times_become_iso_8601(tmp_path, format_, value, text):
    path = saved(tmp_path, Column(name="VSDTC", values=[value, missing(".")], format=format_))
    assert read(path)["VSDTC"].to_list() == [text, None]


def test_a_time_past_24_hours_is_not_lost(tmp_path):
    path = saved(tmp_path, Column(name="VSTM", values=[100_000, 36_863], format="TIME8."))
    assert read(path)["VSTM"].to_list() == ["27:46:40", "10:14:23"]


def test_a_format_of_the_sponsor_that_begins_like_a_date_is_none(tmp_path):
    column = Column(name="AEX", values=[1.5, missing("."), 9e9], format="DATEX.")
    path = put(tmp_path, "ae.sas7bdat", sas7bdat(column, name="AE"))
    assert read(path)["AEX"].to_list() == [1.5, None, 9e9]


def test_a_date_that_cannot_be_is_refused_with_its_row(tmp_path):
    path = saved(tmp_path, Column(name="VSDT", values=[20121, 3e6], format="DATE9."))
    with pytest.raises(FormatError, match=r"row 2, column VSDT: the date is not of the years 1 to 9999"):
        read(path)


def test_special_missing_values_are_missing_and_counted(tmp_path):
    values = [1.0, *(missing(code) for code in (".A", ".", ".B", "._", ".Z", ".A")), math.nan]
    path = saved(tmp_path, Column(name="VSSTRESN", values=values))
    assert read(path)["VSSTRESN"].to_list() == [1.0, *[None] * 7]
    assert notes_of(path) == ("VSSTRESN: 5 special missing values (.A 2, .B 1, .Z 1, ._ 1) read as missing",)


@pytest.mark.parametrize(("text", "more"), [(b"f\x92\xe9", {}), ("f’é".encode(), {"encoding": UTF_8})])
def test_the_encoding_of_the_file_is_followed(tmp_path, text, more):
    path = saved(tmp_path, Column(name="VSPOS", values=[text]), **more)
    assert read(path)["VSPOS"].to_list() == ["f’é"]
    assert notes_of(path) == ()


def test_text_that_is_not_what_the_file_says_is_read_as_windows_1252(tmp_path):
    path = saved(tmp_path, Column(name="VSPOS", values=[b"SITTING", "é".encode(), b"f\x92\xe9"]), encoding=UTF_8)
    assert read(path, rows=2)["VSPOS"].to_list() == ["SITTING", "é", "f’é"]
    assert notes_of(path) == ("VSPOS: 1 value not in UTF-8 read as Windows-1252",)


@pytest.mark.parametrize("machine", MACHINES, ids=str)
@pytest.mark.parametrize("size", [100, 288, HEADER, PAGE, HEADER + PAGE, HEADER + 2 * PAGE - 1])
def test_a_file_cut_short_is_refused(tmp_path, size, machine):
    content = sas7bdat(RESULTS, name="VS", machine=machine)
    path = put(tmp_path, "vs.sas7bdat", content[:size])
    promised = len(content) if size >= 288 else 288
    with pytest.raises(FormatError, match=rf"vs.sas7bdat: byte {size}: the header promises {promised} bytes"):
        open_dataset(path)


def test_a_file_whose_pages_are_damaged_is_refused(tmp_path):
    content = sas7bdat(RESULTS, name="VS")
    path = put(tmp_path, "vs.sas7bdat", content[:HEADER] + bytes(len(content) - HEADER))
    with pytest.raises(FormatError, match=r"vs.sas7bdat: header: cannot be read"):
        open_dataset(path)


def test_rows_that_are_promised_and_not_there_are_missed(tmp_path):
    path = saved(tmp_path, MANY, promised=9000)
    with pytest.raises(FormatError, match=r"vs.sas7bdat: row 1500: the header promises 9000 rows, 1500 are there"):
        read(path)
