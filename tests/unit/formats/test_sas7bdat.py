"""SAS datasets: what the library that reads them passes over."""

import struct

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.formats import FormatError, Variable, open_dataset
from tests.unit.formats.helpers import notes_of, put, read, unpack


def changed(folder, name, old, new, encoding=None):
    """A SAS dataset with some bytes changed, and its encoding if asked for (20 is UTF-8)."""
    content = unpack(name)
    assert content.count(old) == 1
    content = bytearray(content.replace(old, new))
    content[70] = encoding or content[70]
    return put(folder, name, content)


FIRST_ROW = struct.pack("<6d", 1, 1, 1, 1, 5, 1) + b"f  "


def test_text_numbers_and_blanks_are_read(tmp_path):
    path = put(tmp_path, "hadley.sas7bdat", unpack("hadley.sas7bdat"))
    expected = pl.DataFrame(
        {
            "id": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
            "gender": ["f", "f", "f", None, "m", "m", "m", "m"],
            "q3": [5.0, 4.0, 4.0, None, 2.0, 5.0, 4.0, 5.0],
        }
    )
    assert_frame_equal(read(path, rows=3).select("id", "gender", "q3"), expected)
    assert Variable(name="q1", type="number", label="The instructor was well prepared", length=8) in (
        open_dataset(path).variables
    )


def test_dates_and_times_become_iso_8601(tmp_path):
    path = put(tmp_path, "datetime.sas7bdat", unpack("datetime.sas7bdat"))
    assert read(path).row(3) == ("1948-09-09T21:32:00", "1948-09-16", "1948-09-16", "1948-09-16", "21:32:00")


def test_a_time_past_24_hours_is_not_lost(tmp_path):
    path = changed(tmp_path, "datetime.sas7bdat", struct.pack("<d", 52932), struct.pack("<d", 100_000))
    assert read(path)["VAR5"].to_list() == ["27:46:40", "10:14:23", "06:15:22", "21:32:00"]


def test_a_date_that_cannot_be_is_refused_with_its_row(tmp_path):
    first = struct.pack("<2d", 1738507332, 20121)
    path = changed(tmp_path, "datetime.sas7bdat", first, struct.pack("<2d", 1738507332, 3e6))
    with pytest.raises(FormatError, match=r"row 1, column VAR2: the date is not of the years 1 to 9999"):
        read(path)


def test_special_missing_values_are_missing_and_counted(tmp_path):
    path = put(tmp_path, "apple.sas7bdat", unpack("tagged-na.sas7bdat"))
    assert read(path)["x"].to_list() == [1.0, 2.0, 3.0, 4.0, 5.0, None, None, None]
    assert notes_of(path) == ("x: 3 special missing values (.A 1, .H 1, .Z 1) read as missing",)


def test_the_encoding_of_the_file_is_followed(tmp_path):
    path = changed(tmp_path, "hadley.sas7bdat", FIRST_ROW, FIRST_ROW[:-2] + b"\x92\xe9")
    assert read(path)["gender"][0] == "f’é"


def test_text_that_is_not_what_the_file_says_is_read_as_windows_1252(tmp_path):
    path = changed(tmp_path, "hadley.sas7bdat", FIRST_ROW, FIRST_ROW[:-2] + b"\x92\xe9", encoding=20)
    assert read(path, rows=2)["gender"].to_list() == ["f’é", "f", "f", None, "m", "m", "m", "m"]
    assert notes_of(path) == ("gender: 1 value not in UTF-8 read as Windows-1252",)


@pytest.mark.parametrize("size", [100, 288, 1024, 4096, 5119])
def test_a_file_cut_short_is_refused(tmp_path, size):
    path = put(tmp_path, "datetime.sas7bdat", unpack("datetime.sas7bdat")[:size])
    with pytest.raises(FormatError, match=rf"datetime.sas7bdat: byte {size}: the header promises \d+ bytes"):
        open_dataset(path)


def test_a_file_whose_pages_are_damaged_is_refused(tmp_path):
    content = unpack("datetime.sas7bdat")
    content[1024:] = bytes(len(content) - 1024)
    with pytest.raises(FormatError, match=r"datetime.sas7bdat: header: cannot be read"):
        open_dataset(put(tmp_path, "datetime.sas7bdat", content))


def test_rows_that_are_promised_and_not_there_are_missed(tmp_path):
    size = struct.pack("<3i", 69349393, 56, 8)
    path = changed(tmp_path, "hadley.sas7bdat", size, struct.pack("<3i", 69349393, 56, 9000))
    with pytest.raises(FormatError, match=r"hadley.sas7bdat: row \d+: the header promises 9000 rows, \d+ are there"):
        read(path)
