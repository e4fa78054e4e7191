"""The released datasets: ADaM's names and labels, what does not fit a transport file, and what define.xml says of them."""

import shutil
import xml.etree.ElementTree as ET
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.datasets import write_datasets
from pipelines.datasets.content import read_contents
from pipelines.datasets.long_text import carried_on, pieces
from pipelines.datasets.measures import Measure, measured
from pipelines.errors import Refused
from pipelines.formats import FormatError, open_dataset
from tests.harness import MODELS
from tests.shared import ROOT
from tests.unit.formats.helpers import read
from tests.unit.released_tables import DATASETS, LONG, build_released, fill, fill_all

ODM = {"odm": "http://www.cdisc.org/ns/odm/v1.3", "def": "http://www.cdisc.org/ns/def/v2.1"}


def reference(name: str) -> pl.DataFrame:
    return pl.read_csv(ROOT / f"sql/reference/{name}.csv", comment_prefix="#", infer_schema=False)


VARIABLES = reference("released_variables")


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("released") / "S1.duckdb"
    build_released(path)
    return path


@pytest.fixture
def db(empty, tmp_path):
    shutil.copyfile(empty, tmp_path / "S1.duckdb")
    with duckdb.connect(tmp_path / "S1.duckdb") as db:
        yield db


@pytest.fixture
def written(db, tmp_path):
    """Writes what the tables hold, and gives the folder."""

    def write(name: str = "datasets") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        write_datasets(db, folder)
        return folder

    return write


def define(folder: Path) -> ET.Element:
    return ET.parse(folder / "define.xml").getroot()


def one(root: ET.Element, tag: str, oid: str) -> ET.Element:
    [found] = root.findall(f".//{tag}[@OID='{oid}']", ODM)
    return found


def text_of(found: ET.Element) -> str:
    return found.findtext("./odm:Description/odm:TranslatedText", namespaces=ODM)


def terms(root: ET.Element, codelist: str) -> list[tuple[str, bool]]:
    extended = "{http://www.cdisc.org/ns/def/v2.1}ExtendedValue"
    items = [item for item in one(root, "odm:CodeList", f"CL.{codelist}") if "CodedValue" in item.attrib]
    return [(item.get("CodedValue"), item.get(extended) == "Yes") for item in items]


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_column_of_a_released_table_has_a_name_and_every_name_a_column(dataset):
    named = VARIABLES.filter(pl.col("dataset") == dataset)["column_name"]
    assert sorted(named) == sorted(column.name for column in MODELS[f"analysis.{dataset}"].columns)


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_key_of_a_dataset_is_the_key_of_its_table(dataset):
    keys = VARIABLES.filter(pl.col("dataset") == dataset, pl.col("key").is_not_null())
    assert keys.sort(pl.col("key").cast(int))["column_name"].to_list() == list(MODELS[f"analysis.{dataset}"].key)


def test_names_are_upper_case_and_fit_a_transport_file():
    assert VARIABLES.filter(~pl.col("variable").str.contains(r"^[A-Z][A-Z0-9]{0,7}$")).rows() == []


def test_no_two_variables_of_a_dataset_have_one_name():
    assert VARIABLES.filter(pl.struct("dataset", "variable").is_duplicated()).rows() == []


def test_labels_take_40_bytes_at_most():
    labels = [*VARIABLES["label"], *reference("released_datasets")["label"]]
    assert [label for label in labels if not 1 <= len(label.encode()) <= 40] == []


def test_a_variable_has_one_label_and_one_codelist_in_every_dataset():
    said = VARIABLES.select("variable", "label", "codelist").unique()
    assert said.filter(pl.col("variable").is_duplicated()).rows() == []


def test_a_predecessor_says_where_it_is_from_and_nothing_else_does():
    is_predecessor = pl.col("origin") == "Predecessor"
    assert VARIABLES.filter(is_predecessor != pl.col("predecessor").is_not_null()).rows() == []
    assert set(VARIABLES["origin"]) == {"Predecessor", "Assigned", "Derived"}


def test_every_codelist_is_described_and_used():
    assert set(VARIABLES["codelist"].drop_nulls()) == set(reference("released_codelists")["codelist"])
    assert set(reference("released_terms")["codelist"]) <= set(VARIABLES["codelist"])


@pytest.mark.parametrize("ending", ["xpt", "json"])
def test_values_are_read_as_they_were_written(db, written, ending):
    fill_all(db)
    path = written() / f"adcrs.{ending}"
    columns = ["USUBJID", "EPISODE", "ASTDTM", "ONGOFL", "GRADE", "ONSETDUR", "VASOFL", "TOCIDTM"]
    expected = {
        "USUBJID": ["P1"],
        "EPISODE": [1.0],
        "ASTDTM": ["2026-03-02T12:00:00"],
        "ONGOFL": ["N"],
        "GRADE": [3.0],
        "ONSETDUR": [1.1458333333333333],
        "VASOFL": ["Y"],
        "TOCIDTM": pl.Series([None], dtype=pl.String),
    }
    assert_frame_equal(read(path).select(columns), pl.DataFrame(expected), check_exact=True)


@pytest.mark.parametrize("dataset", DATASETS)
def test_both_files_hold_the_same(db, written, dataset):
    fill_all(db)
    folder = written()
    xpt, json = (open_dataset(folder / f"{dataset}.{ending}") for ending in ("xpt", "json"))
    assert (xpt.label, [(v.name, v.label) for v in xpt.variables]) == (
        json.label,
        [(v.name, v.label) for v in json.variables],
    )
    assert_frame_equal(*(read(folder / f"{dataset}.{ending}") for ending in ("xpt", "json")), check_exact=True)


def test_records_are_in_the_order_of_the_key(db, written):
    fill_all(db)
    folder = written()
    assert read(folder / "adsl.xpt")["USUBJID"].to_list() == ["P0", "P1"]
    assert read(folder / "adae.json")["SRCROW"].to_list() == [1.0, 2.0]


def test_parquet_keeps_the_columns_and_types_of_the_tables(db, written):
    fill_all(db)
    found = pl.read_parquet(written() / "adcrs.parquet")
    assert found.columns == [column.name for column in MODELS["analysis.adcrs"].columns]
    assert found.select("vasopressor", "astdtm").row(0) == (True, datetime(2026, 3, 2, 12))


def test_the_same_tables_make_the_same_bytes(db, written):
    fill_all(db)
    first, second = written("first"), written("second")
    assert {p.name: p.read_bytes() for p in first.iterdir()} == {p.name: p.read_bytes() for p in second.iterdir()}


def test_a_release_without_a_record_has_every_file(written):
    folder = written()
    expected = {f"{name}.{ending}" for name in DATASETS for ending in ("xpt", "json", "parquet")}
    assert {path.name for path in folder.iterdir()} == {*expected, "define.xml"}
    assert all(read(folder / f"{name}.xpt").is_empty() for name in DATASETS)
    assert one(define(folder), "odm:ItemGroupDef", "IG.ADAE").get(f"{{{ODM['def']}}}HasNoData") == "Yes"


@pytest.mark.parametrize("ending", ["xpt", "json"])
def test_long_text_goes_on_in_a_variable_beside_it(db, written, ending):
    fill_all(db)
    found = read(written() / f"adae.{ending}")
    assert found.columns.index("AETERM1") == found.columns.index("AETERM") + 1
    assert found.select(pl.concat_str("AETERM", "AETERM1", ignore_nulls=True)).to_series().to_list() == ["Fever", LONG]


def test_long_text_is_whole_in_parquet(db, written):
    fill_all(db)
    assert LONG in pl.read_parquet(written() / "adae.parquet")["aeterm"].to_list()


def test_define_says_where_long_text_goes_on(db, written):
    fill_all(db)
    root = define(written())
    assert "goes on in AETERM1" in text_of(one(root, "def:CommentDef", "COM.ADAE.AETERM"))
    assert "follows the text of AETERM," in text_of(one(root, "def:CommentDef", "COM.ADAE.AETERM1"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=900).map(lambda text: text.rstrip(" ")))
def test_pieces_fit_and_give_the_text_back(text):
    found = pieces(text)
    assert "".join(found) == text
    assert all(len(piece.encode()) <= 200 for piece in found)
    assert not any(piece.endswith(" ") for piece in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 200, ["a" * 200]),
        ("a" * 201, ["a" * 200, "a"]),
        ("a" * 150 + " " + "b" * 100, ["a" * 150, " " + "b" * 100]),
        ("a" * 200 + " b", ["a" * 200, " b"]),
        ("a" * 198 + "    b", ["a" * 198, "    b"]),
        ("あ" * 67, ["あ" * 66, "あ"]),
        ("", [""]),
    ],
    ids=["fits", "no blank", "at a blank", "just before a blank", "blanks go together", "whole characters", "empty"],
)
def test_text_is_split_before_a_blank(text, expected):
    assert pieces(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a" * 2001, "column AETERM: a text needs 10 variables more than this one, 9 have a name left; shorten it."),
        ("a" + " " * 500 + "b", "row 1, column AETERM: has 200 blanks in a row, which a transport file cannot hold"),
    ],
)
def test_text_that_cannot_be_split_is_refused(db, tmp_path, text, problem):
    fill(db, "adae", {"aeterm": text})
    [content] = [content for content in read_contents(db) if content.name == "ADAE"]
    with pytest.raises(FormatError) as refusal:
        carried_on(content, tmp_path / "adae.xpt")
    assert str(refusal.value).startswith(f"adae.xpt: {problem}")


def test_the_rest_of_a_name_of_eight_characters_takes_its_last(db, tmp_path):
    fill(db, "adae", {"aeenrtpt": "a" * 401})
    [content] = [content for content in read_contents(db) if content.name == "ADAE"]
    found = carried_on(content, tmp_path / "adae.xpt")
    assert {v.name: v.carries_on for v in found.variables if v.carries_on} == {
        "AEENRTP1": "AEENRTPT",
        "AEENRTP2": "AEENRTP1",
    }


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a", "あい"], Measure(type="text", length=6)),
        ([None], Measure(type="text", length=1)),
        ([True, None], Measure(type="text", length=1)),
        ([1.0, -120.0, None], Measure(type="integer", length=3)),
        ([0.25, 12.5], Measure(type="float", length=5, decimals=2)),
        ([1e-7], Measure(type="float", length=9, decimals=7)),
        ([1e20], Measure(type="float", length=22, decimals=0)),
        ([date(2026, 3, 1)], Measure(type="integer", length=5)),
        ([datetime(2026, 3, 1, 8, 30)], Measure(type="integer", length=10)),
    ],
)
def test_the_size_of_a_variable_is_that_of_its_longest_value(cells, expected):
    assert measured(Path("ad.xpt"), pl.Series("A", cells)) == expected


def test_define_tells_of_a_variable_what_the_comment_of_its_column_says(db, written):
    root = define(written())
    [comment] = [c.comment for c in MODELS["analysis.adcrs"].columns if c.name == "max_grade_dtm"]
    assert text_of(one(root, "odm:MethodDef", "MT.ADCRS.GRMAXDTM")) == comment
    expected = "Column max_grade_dtm in Parquet and crs.duckdb."
    assert text_of(one(root, "def:CommentDef", "COM.ADCRS.GRMAXDTM")) == expected


def test_a_codelist_of_cdisc_marks_what_it_does_not_have(db, written):
    fill_all(db)
    assert terms(define(written()), "NY") == [
        ("N", False),
        ("Y", False),
        ("U", False),
        ("NA", False),
        ("UNCLEAR", True),
    ]


def test_a_codelist_of_our_own_holds_what_the_data_hold(db, written):
    fill_all(db)
    root = define(written())
    assert terms(root, "ARM") == [("A", False), ("B", False)]
    assert root.findall(".//odm:CodeList[@OID='CL.DOSELVL']", ODM) == []


def test_numbers_are_coded_as_whole_numbers(db, written):
    fill_all(db)
    root = define(written())
    assert one(root, "odm:CodeList", "CL.CNSR").get("DataType") == "integer"
    assert terms(root, "CNSR") == [("0", False), ("1", False), ("2", False)]


def test_define_holds_no_character_that_xml_cannot(db, written):
    fill(db, "adsl", {"arm": 'A\x02 <b> & "c"'})
    assert terms(define(written()), "ARM") == [('A\ufffd <b> & "c"', False)]


def test_values_that_xml_cannot_tell_apart_are_one_in_define(db, written):
    fill(db, "adsl", {"usubjid": "P0", "arm": "A\x02"}, {"usubjid": "P1", "arm": "A\x03"})
    assert terms(define(written()), "ARM") == [("A\ufffd", False)]


@pytest.mark.parametrize("ending", ["xpt", "json"])
def test_a_date_that_sas_does_not_know_is_left_out_and_counted(db, written, ending):
    fill(db, "adae", *({"_row": row, "astdt": date(year, 3, 1)} for row, year in enumerate((202, 1582, 9999))))
    folder = written()
    assert read(folder / f"adae.{ending}")["ASTDT"].to_list() == [None, "1582-03-01", "9999-03-01"]
    assert pl.read_parquet(folder / "adae.parquet")["astdt"].sort().to_list()[0] == date(202, 3, 1)
    told = "Dates outside the years 1582 to 9999, which SAS does not know, are empty (1)."
    assert told in text_of(one(define(folder), "def:CommentDef", "COM.ADAE.ASTDT"))


def test_a_moment_after_the_year_9999_is_left_out(db, written):
    fill(db, "adcrs", {"episode": 1, "aendtm": datetime(9999, 12, 31, 23, 59, 59)})
    db.execute("insert into analysis.adcrs by name select 2 as episode, timestamp '10000-01-01' as aendtm")
    assert read(written() / "adcrs.xpt")["AENDTM"].to_list() == ["9999-12-31T23:59:59", None]


def test_files_are_dated_by_the_data_cut(db, written):
    folder = written()
    assert define(folder).get("CreationDateTime") == "2026-06-30T23:59:59"
    assert b'"datasetJSONCreationDateTime":"2026-06-30T23:59:59"' in (folder / "adsl.json").read_bytes()
    assert b"30JUN26:23:59:59" in (folder / "adsl.xpt").read_bytes()


def test_a_study_made_of_studies_names_them_all(db, written):
    db.execute(
        "insert into study.studies by name select 'S2' as studyid, 'B' as title, 2 as position, '2026-07-31' as cut"
    )
    root = define(written())
    assert root.findtext(".//odm:StudyName", namespaces=ODM) == "S1 and S2"
    assert root.findtext(".//odm:StudyDescription", namespaces=ODM) == "A study; B"
    assert root.get("CreationDateTime") == "2026-07-31T23:59:59"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("alter table analysis.adsl add column shoe_size double", "analysis.adsl: shoe_size has no ADaM name"),
        ("alter table analysis.adtte drop column cnsr", "analysis.adtte: cnsr is not in the table"),
    ],
)
def test_a_table_that_its_names_do_not_fit_is_refused(db, written, change, problem):
    db.execute(change)
    with pytest.raises(Refused) as refusal:
        written()
    assert str(refusal.value) == f"{problem}; make the table and reference.released_variables agree."
