"""SAS transport files: what their bytes mean, and when they are cut."""

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from pipelines.formats import FormatError, Variable, open_dataset, write_dataset
from pipelines.formats.ibm import from_floats, to_floats
from tests.unit.formats.helpers import notes_of, put, read

FRAME = pl.DataFrame({"USUBJID": ["P1", "P2", "P3"], "AETERM": ["Fever", "Chills", "CRS"], "AESEQ": [1.0, 2.0, 3.0]})


def written(folder, frame=FRAME):
    write_dataset(frame, folder / "ae.xpt", name="AE")
    return folder / "ae.xpt"


def replaced(path, old, new):
    content = path.read_bytes()
    assert content.count(old) == 1
    path.write_bytes(content.replace(old, new))
    return path


def saved(path, frame, version=5, **more):
    """The frame as pyreadstat, a writer of other hands, saves it."""
    pyreadstat.write_xport(frame, path, table_name="AE", file_format_version=version, **more)
    return path


@pytest.mark.parametrize(
    ("value", "ibm"),
    [
        (1.0, "4110000000000000"),
        (-118.625, "c276a00000000000"),
        (0.1, "401999999999999a"),
        (37.5, "4225800000000000"),
        (0.0, "0000000000000000"),
        (None, "2e00000000000000"),
    ],
)
def test_numbers_are_ibm_floats(value, ibm):
    number = float("nan") if value is None else value
    block = np.frombuffer(bytes.fromhex(ibm), np.uint8).reshape(1, 8)
    assert from_floats(np.array([number])).tobytes().hex() == ibm
    np.testing.assert_equal(to_floats(block)[0], [number])


@pytest.mark.parametrize(("width", "value"), [(2, 1.0), (3, 1.0625), (5, 100.25)])
def test_numbers_may_be_stored_in_fewer_bytes(width, value):
    assert to_floats(from_floats(np.array([value]))[:, :width])[0] == [value]


def test_special_missing_values_are_missing_and_counted(tmp_path):
    path = written(tmp_path, pl.DataFrame({"AEDUR": [1.0, 2.0, 3.0, 4.0, None, 5.0]}))
    for number, code in enumerate([b"A", b"B", b"A", b"_"], 1):
        replaced(path, bytes([0x41, number * 16]) + bytes(6), code + bytes(7))
    assert read(path)["AEDUR"].to_list() == [None] * 5 + [5.0]
    assert notes_of(path) == ("AEDUR: 4 special missing values (.A 2, .B 1, ._ 1) read as missing",)


def test_text_that_is_not_utf_8_is_read_as_windows_1252(tmp_path):
    path = replaced(written(tmp_path), b"Chills", b"Crohn\x92")
    assert read(path)["AETERM"].to_list() == ["Fever", "Crohn’", "CRS"]
    assert notes_of(path) == ("AETERM: 1 value not in UTF-8 read as Windows-1252",)


def test_a_file_may_hold_both_encodings(tmp_path):
    path = written(tmp_path, FRAME.with_columns(AETERM=pl.Series(["Fièvre", "Chills", "CRS"])))
    assert read(replaced(path, b"Chills", b"Crohn\x92"))["AETERM"].to_list() == ["Fièvre", "Crohn’", "CRS"]


def test_a_byte_without_meaning_in_windows_1252_is_kept(tmp_path):
    assert read(replaced(written(tmp_path), b"Chills", b"Crohn\x81"))["AETERM"][1] == "Crohn\x81"


def test_leading_blanks_are_kept(tmp_path):
    assert read(replaced(written(tmp_path), b"Chills", b"   2  "))["AETERM"][1] == "   2"


def test_nul_padding_is_no_part_of_a_value(tmp_path):
    assert read(replaced(written(tmp_path), b"Chills", b"7\0\0\0\0\0"))["AETERM"][1] == "7"


@pytest.mark.parametrize(
    ("format_name", "numbers", "texts"),
    [
        ("DATE9.", [0.0, 21974.0, None, -1.0], ["1960-01-01", "2020-02-29", None, "1959-12-31"]),
        ("E8601DA.", [21974.5], ["2020-02-29"]),
        ("YYMMDD10.", [2936549.0], ["9999-12-31"]),
        ("DATETIME20.", [0.0, 1898591400.25, None], ["1960-01-01T00:00:00", "2020-02-29T10:30:00.250", None]),
        ("E8601DT.", [-1.0], ["1959-12-31T23:59:59"]),
        ("TIME8.", [0.0, 37800.0, 100000.0, -61.5, None], ["00:00:00", "10:30:00", "27:46:40", "-00:01:01.500", None]),
    ],
)
def test_numbers_that_are_dates_or_times_become_iso_8601(tmp_path, format_name, numbers, texts):
    frame = pd.DataFrame({"ADT": pd.Series(numbers, dtype=float)})
    path = saved(tmp_path / "ae.xpt", frame, variable_format={"ADT": format_name})
    assert open_dataset(path).variables == (Variable(name="ADT", type="text", length=8),)
    assert read(path)["ADT"].to_list() == texts


@pytest.mark.parametrize("format_name", ["BEST12.", "8.2", "", "COMMA9.", "DOLLAR8.", "AGEGRP."])
def test_other_formats_leave_numbers_numbers(tmp_path, format_name):
    path = saved(tmp_path / "ae.xpt", pd.DataFrame({"AGE": [61.0]}), variable_format={"AGE": format_name})
    assert read(path)["AGE"].to_list() == [61.0]


def test_a_date_that_cannot_be_is_refused_with_its_row(tmp_path):
    path = saved(tmp_path / "ae.xpt", pd.DataFrame({"ADT": [1.0, 2.0, 3e6]}), variable_format={"ADT": "DATE9."})
    with pytest.raises(FormatError, match=r"ae.xpt: row 3, column ADT: 3e\+06 is outside what a SAS date can be"):
        read(path, rows=2)


@pytest.mark.parametrize("version", [5, 8])
def test_files_of_other_hands_are_read(tmp_path, version):
    frame = pd.DataFrame({"USUBJID": ["P1", "P2"], "AESEQ": [1.0, None], "AETERM": ["Fever", ""]})
    path = saved(tmp_path / "ae.xpt", frame, version, file_label="Events", column_labels=["Subject", "Number", "Term"])
    dataset = open_dataset(path)
    assert (dataset.format, dataset.label) == (f"SAS transport v{version}", "Events")
    assert [variable.label for variable in dataset.variables] == ["Subject", "Number", "Term"]
    expected = pl.DataFrame({"USUBJID": ["P1", "P2"], "AESEQ": [1.0, None], "AETERM": ["Fever", None]})
    assert_frame_equal(read(path), expected)


def test_version_8_keeps_long_names_and_labels(tmp_path):
    name, label = "A_NAME_LONGER_THAN_EIGHT_LETTERS", "A label that is a good deal longer than forty characters"
    path = saved(tmp_path / "ae.xpt", pd.DataFrame({"AESEQ": [1.0], name: ["x"]}), 8, column_labels=["", label])
    assert open_dataset(path).variables[1] == Variable(name=name, type="text", label=label, length=1)


def test_a_file_that_calls_its_dataset_otherwise_is_noted(tmp_path):
    path = written(tmp_path)
    assert notes_of(path.rename(tmp_path / "dm.xpt")) == ("the file calls its dataset AE",)


@pytest.mark.parametrize("rows", range(1, 13))
def test_blanks_that_fill_the_last_record_are_no_rows(tmp_path, rows):
    assert read(written(tmp_path, pl.DataFrame({"A": ["12345678"] * rows}))).height == rows


def test_a_file_cut_anywhere_is_refused(tmp_path):
    wide = FRAME.with_columns(AETERM=pl.Series(["x" * 151] * 3))
    whole = written(tmp_path, wide).read_bytes()
    rows_from = whole.index(b"HEADER RECORD*******OBS") + 80
    # Version 5 cannot show that all rows are gone, or those after one that ends with its record.
    for size in {*range(1, len(whole), 37), *range(80, len(whole), 80)} - {rows_from}:
        path = put(tmp_path, "ae.xpt", whole[:size])
        with pytest.raises(FormatError, match=r"ae.xpt: "):
            open_dataset(path)


def test_a_cut_names_the_byte_and_the_last_whole_row(tmp_path):
    wide = FRAME.with_columns(AETERM=pl.Series(["x" * 151] * 3))
    whole = written(tmp_path, wide).read_bytes()
    place = whole.index(b"HEADER RECORD*******OBS") + 80 + 161
    with pytest.raises(
        FormatError, match=rf"ae.xpt: byte {place}: the file ends inside an observation .* after 1 whole"
    ):
        open_dataset(put(tmp_path, "ae.xpt", whole[:-240]))


def test_a_version_8_file_says_how_many_rows_are_lost(tmp_path):
    frame = pd.DataFrame({"A": ["x" * 80] * 4})
    whole = saved(tmp_path / "ae.xpt", frame, 8).read_bytes()
    with pytest.raises(FormatError, match=r"after 3 of 4 whole rows, so it is cut short or damaged"):
        open_dataset(put(tmp_path, "ae.xpt", whole[:-80]))


def test_a_second_dataset_in_the_file_is_refused(tmp_path):
    path = written(tmp_path)
    content = path.read_bytes()
    with pytest.raises(
        FormatError, match=rf"byte {len(content)}: a second dataset begins here; deliver one dataset a file"
    ):
        open_dataset(put(tmp_path, "ae.xpt", content + content[240:]))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"NAMESTR HEADER", b"NAMESTX HEADER", "byte 560: no NAMESTR or NAMSTV8 header here"),
        (b"0000000003", b"00000000x3", "before byte 640: a count or a position in the headers makes no sense"),
        (
            b"\0\2\0\1USUBJID",
            b"\0\0\0\1USUBJID",
            "before byte 1120: a count or a position in the headers makes no sense",
        ),
        (b"0000000003", b"0000000000", "byte 560: the header lists no variable"),
    ],
)
def test_headers_that_make_no_sense_are_refused(tmp_path, old, new, place):
    with pytest.raises(FormatError) as refusal:
        open_dataset(replaced(written(tmp_path), old, new))
    assert str(refusal.value).startswith(f"ae.xpt: {place}")


def test_only_the_rows_asked_for_are_read_from_the_file(tmp_path):
    path = written(tmp_path, pl.DataFrame({"AESEQ": [float(row) for row in range(1000)]}))
    chunks = open_dataset(path).chunks(10)
    first = next(chunks)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 4000)
    assert first["AESEQ"].to_list() == [float(row) for row in range(10)]
    with pytest.raises(FormatError, match=r"become shorter while it was read"):
        list(chunks)
