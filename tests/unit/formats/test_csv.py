"""CSV files: text as it is, numbers where SDTM has numbers, and ragged rows refused."""

import gzip

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.formats import FormatError, open_dataset
from tests.unit.formats.helpers import notes_of, put, read


def test_identifiers_stay_as_they_are(tmp_path):
    path = put(tmp_path, "dm.csv", "SITEID,SUBJID,ARMCD\n0012,1e5,NA\n")
    assert_frame_equal(read(path), pl.DataFrame({"SITEID": ["0012"], "SUBJID": ["1e5"], "ARMCD": ["NA"]}))


@pytest.mark.parametrize(
    "name", ["AESEQ", "AGE", "VISITNUM", "EXDOSE", "LBSTRESN", "LBSTNRLO", "VSDY", "AESTDY", "aeptcd"]
)
def test_variables_that_sdtm_defines_as_numbers_are_numbers(tmp_path, name):
    path = put(tmp_path, "ae.csv", f"{name},X\n1,\n 2.5 ,\n.,\nNA,\n-1e2,\n,x\n")
    assert read(path)[name].to_list() == [1.0, 2.5, None, None, -100.0, None]


@pytest.mark.parametrize("cell", ["0x1", "1;5", "inf", "nan", "1_0", "<0.2", "N"])
def test_one_value_that_is_no_number_keeps_the_column_text(tmp_path, cell):
    path = put(tmp_path, "lb.csv", f"USUBJID,LBSTRESN\nP1,1\nP1,{cell}\nP1,.\n")
    assert read(path)["LBSTRESN"].to_list() == ["1", cell, "."]
    assert notes_of(path) == ("LBSTRESN: kept as text, for row 2 is not a number",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_header(tmp_path, delimiter):
    path = put(tmp_path, "ae.csv", f'AETERM{delimiter}AEOUT\n"a,b;c\td"{delimiter}x\n')
    assert_frame_equal(read(path), pl.DataFrame({"AETERM": ["a,b;c\td"], "AEOUT": ["x"]}))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_lines_end_in_any_way(tmp_path, end, last):
    text = end.join(["AETERM,AEOUT", "Fever,x", '"two\nlines",y']) + (end if last else "")
    expected = pl.DataFrame({"AETERM": ["Fever", "two\nlines"], "AEOUT": ["x", "y"]})
    assert_frame_equal(read(put(tmp_path, "ae.csv", text)), expected)


def test_quotes_and_blank_lines_are_read_as_csv_has_them(tmp_path):
    path = put(tmp_path, "ae.csv", 'AETERM,AEOUT\n"say ""ah""",5\'10"\n\n"",x\n')
    assert_frame_equal(read(path), pl.DataFrame({"AETERM": ['say "ah"', None], "AEOUT": ["5'10\"", "x"]}))


@pytest.mark.parametrize("name", ["ae.csv", "ae.csv.gz"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path, name):
    content = '\ufeff"AETERM",AEOUT\nFever,x\n'.encode()
    path = put(tmp_path, name, gzip.compress(content) if name.endswith("gz") else content)
    assert_frame_equal(read(path), pl.DataFrame({"AETERM": ["Fever"], "AEOUT": ["x"]}))


def test_text_that_is_not_utf_8_is_read_as_windows_1252(tmp_path):
    path = put(tmp_path, "ae.csv", b"AETERM,F\xfcr\nCrohn\x92s,Fi\xc3\xa8vre\n")
    assert_frame_equal(read(path), pl.DataFrame({"AETERM": ["Crohn’s"], "Für": ["Fièvre"]}))
    assert notes_of(path) == ("AETERM: 1 value not in UTF-8 read as Windows-1252",)


def test_columns_without_a_name_are_named_by_their_place(tmp_path):
    path = put(tmp_path, "ae.csv", ",AETERM,\n1,Fever,\n")
    assert read(path).columns == ["column_1", "AETERM", "column_3"]
    assert notes_of(path) == (
        "column 1 has no name and is called column_1",
        "column 3 has no name and is called column_3",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("A,B\n1,2\n3\n4,5\n", "row 2: 1 values for 2 columns; ask for the file again."),
        ("A,B\n1,2\n3,4,5\n", "row 2: 3 values for 2 columns; ask for the file again."),
        ('A,B\n1,2\n3,"4\n5,6\n', "row 2: a quote is opened here and never closed; ask for the file again."),
        ('A,B\n1,2\n3,"4', "row 2: a quote is opened here and never closed; ask for the file again."),
        ('"A,B\n1,2\n', "header: cannot be split into names (unexpected end of data); ask for the file again."),
        ("\nA,B\n", "header: the first line is blank; it must name the columns."),
    ],
)
def test_a_broken_row_is_refused_with_its_place(tmp_path, text, problem):
    with pytest.raises(FormatError) as refusal:
        open_dataset(put(tmp_path, "ae.csv", text))
    assert str(refusal.value) == f"ae.csv: {problem}"


def test_a_row_longer_than_what_is_read_at_a_time_is_refused(tmp_path):
    path = put(tmp_path, "ae.csv", 'A,B\n1,"' + "x" * 20_000_000 + '"\n')
    with pytest.raises(FormatError, match=r"ae.csv: rows: a row is longer than 8388608 bytes: is a quote never closed"):
        open_dataset(path)


def test_a_gzip_file_cut_anywhere_is_refused(tmp_path):
    whole = gzip.compress(b"A,B\n1,2\n3,4\n")
    for size in range(2, len(whole)):
        with pytest.raises(FormatError, match=r"ae.csv.gz: unpacked byte \d+: the gzip stream is cut short or damaged"):
            open_dataset(put(tmp_path, "ae.csv.gz", whole[:size]))


def test_a_damaged_gzip_file_is_refused(tmp_path):
    whole = bytearray(gzip.compress(b"A,B\n1,2\n3,4\n"))
    whole[-6] ^= 0xFF
    with pytest.raises(FormatError, match=r"the gzip stream is cut short or damaged"):
        open_dataset(put(tmp_path, "ae.csv.gz", whole))


def test_rows_keep_their_order_over_blocks(tmp_path):
    text = "AESEQ,AETERM\n" + "".join(f"{row},{'x' * 90}\n" for row in range(200_000))
    numbers = read(put(tmp_path, "ae.csv", text), rows=70_001)["AESEQ"]
    assert (numbers == pl.arange(0, 200_000, eager=True)).all()
