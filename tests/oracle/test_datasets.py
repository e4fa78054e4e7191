"""The released files as others read them, and define.xml as CDISC's schema and odmlib see it."""

import json
from pathlib import Path

import duckdb
import jsonschema
import polars as pl
import polars_readstat
import pyreadstat
import pytest
import xmlschema
from odmlib.define_2_1.rules.metadata_schema import MetadataSchema
from odmlib.define_loader import XMLDefineLoader
from odmlib.loader import ODMLoader
from odmlib.oid_generator import create_oid_checker
from odmlib.schema_manager import get_schema_path
from polars.testing import assert_frame_equal

from pipelines.datasets import write_datasets
from pipelines.datasets.content import Content, read_contents
from pipelines.datasets.long_text import carried_on
from tests.unit.formats.dataset_json_schema import WHOLE_FILE
from tests.unit.released_tables import DATASETS, build_released, fill_all

DEFINE = "http://www.cdisc.org/ns/def/v2.1"


@pytest.fixture(scope="module", params=["some records", "no record"])
def released(request, tmp_path_factory) -> tuple[Path, dict[str, Content]]:
    """The folder of the files, and what they were written from."""
    folder = tmp_path_factory.mktemp("released")
    build_released(folder / "S1.duckdb")
    with duckdb.connect(folder / "S1.duckdb") as db:
        if request.param == "some records":
            fill_all(db)
        write_datasets(db, folder)
        contents = [carried_on(content, folder / "x.xpt") for content in read_contents(db)]
    return folder, {content.name.lower(): content for content in contents}


def as_sas_has_it(rows: pl.DataFrame) -> pl.DataFrame:
    """Text and flags as text, blank where missing; numbers as doubles; dates as they are."""
    flags = pl.col(pl.Boolean).replace_strict({True: "Y", False: "N"}, default=None, return_dtype=pl.String)
    numbers = pl.selectors.numeric().cast(pl.Float64)
    return rows.with_columns(flags, numbers).with_columns(pl.col(pl.String).fill_null(""))


@pytest.mark.parametrize("dataset", DATASETS)
def test_polars_readstat_reads_what_the_tables_hold(released, dataset):
    folder, contents = released
    found = polars_readstat.read_readstat(folder / f"{dataset}.xpt", preserve_order=True)
    found = found.with_columns(pl.col(pl.String).fill_null(""))
    assert_frame_equal(found, as_sas_has_it(contents[dataset].rows), check_exact=True)


@pytest.mark.parametrize("dataset", DATASETS)
def test_pyreadstat_reads_what_the_tables_hold(released, dataset):
    folder, contents = released
    found, said = pyreadstat.read_xport(folder / f"{dataset}.xpt", output_format="polars")
    content = contents[dataset]
    expected = as_sas_has_it(content.rows)
    assert (said.file_label, said.column_labels) == (content.label, [v.label for v in content.variables])
    assert {name: kind for name, kind in said.original_variable_types.items() if kind} == {
        name: kind.rstrip(".") for name, kind in content.formats.items()
    }
    assert_frame_equal(found.cast(dict(expected.schema)).fill_nan(None), expected, check_exact=True)


@pytest.mark.parametrize("dataset", DATASETS)
def test_dataset_json_has_the_attributes_of_the_specification(released, dataset):
    jsonschema.validate(json.loads((released[0] / f"{dataset}.json").read_text()), WHOLE_FILE)


def test_define_is_valid_against_the_schema_of_cdisc(released):
    schema = xmlschema.XMLSchema(get_schema_path("define", "2.1"))
    assert [error.reason for error in schema.iter_errors(released[0] / "define.xml")] == []


@pytest.fixture
def metadata(released):
    """What odmlib makes of define.xml."""
    loader = ODMLoader(XMLDefineLoader(model_package="define_2_1", ns_uri=DEFINE))
    loader.open_odm_document(str(released[0] / "define.xml"))
    return loader.root().Study.MetaDataVersion


def test_odmlib_finds_define_conformant_and_in_order(metadata):
    assert metadata.verify_conformance(MetadataSchema())
    assert metadata.verify_order()


def test_every_reference_in_define_leads_to_something_and_nothing_is_left_over(metadata):
    checker = create_oid_checker("define_2_1")
    assert metadata.verify_oids(checker)
    assert metadata.unreferenced_oids(checker) == {}


def test_every_file_that_define_names_is_there_and_no_other(released, metadata):
    named = {leaf.href for leaf in metadata.leaf} | {group.leaf.href for group in metadata.ItemGroupDef}
    there = {path.name for path in released[0].iterdir()}
    assert there - named == {"S1.duckdb", "define.xml"}
    assert named <= there


@pytest.mark.parametrize("dataset", DATASETS)
def test_define_lists_the_variables_of_the_files_in_order(released, metadata, dataset):
    [group] = [group for group in metadata.ItemGroupDef if group.Name == dataset.upper()]
    described = {item.OID: item for item in metadata.ItemDef}
    columns = json.loads((released[0] / f"{dataset}.json").read_text())["columns"]
    assert [reference.ItemOID for reference in group.ItemRef] == [column["itemOID"] for column in columns]
    assert [described[c["itemOID"]].Description.TranslatedText[0]._content for c in columns] == [
        column["label"] for column in columns
    ]


@pytest.mark.parametrize("dataset", DATASETS)
def test_define_gives_the_lengths_of_the_transport_file(released, metadata, dataset):
    _, said = pyreadstat.read_xport(released[0] / f"{dataset}.xpt", metadataonly=True)
    described = {item.OID: item for item in metadata.ItemDef}
    texts = {name for name, kind in said.readstat_variable_types.items() if kind == "string"}
    items = {name: described[f"IT.{dataset.upper()}.{name}"] for name in said.column_names}
    assert {name for name, item in items.items() if item.DataType == "text"} == texts
    found = {name: items[name].Length for name in texts}
    assert found == {name: said.variable_storage_width[name] for name in texts}
