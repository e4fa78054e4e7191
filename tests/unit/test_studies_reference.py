import polars as pl
import pytest

from tests.harness import database
from tests.shared import ROOT


def read(name: str) -> pl.DataFrame:
    return pl.read_csv(ROOT / f"sql/reference/{name}.csv", comment_prefix="#")


def factor(quantity: str, unit: str) -> float:
    return read("units").row(by_predicate=(pl.col("quantity") == quantity) & (pl.col("unit") == unit), named=True)[
        "factor"
    ]


@pytest.mark.parametrize(
    ("quantity", "value", "unit", "wanted", "expected"),
    [
        ("area", 50, "CM2", "MM2", 5000),
        ("length", 2.5, "CM", "MM", 25),
        ("volume", 147.5, "ML", "CM3", 147.5),
        ("mass", 700, "UG", "MG", 0.7),
        ("mass by body weight", 60, "UG/KG", "MG/KG", 0.06),
        ("mass by body surface", 0.5, "G/M2", "MG/M2", 500),
        ("cells", 1, "10^8 CELLS", "10^6 CELLS", 100),
        ("cells", 450, "10^6 THERAPEUTIC CELLS", "10^8 CELLS", 4.5),
        ("cells by body weight", 2_000_000, "CELLS/KG", "10^6/KG", 2),
        ("cells by body weight", 0.02, "10^8/KG", "10^6/KG", 2),
        ("mass concentration", 1.5, "NG/ML", "PG/ML", 1500),
        ("mass concentration", 43, "NG/L", "PG/ML", 43),
        ("mass concentration", 12_000, "NG/ML", "UG/L", 12_000),
        ("mass concentration", 3, "MG/DL", "MG/L", 30),
        ("creatinine", 1, "MG/DL", "UMOL/L", 88.4),
        ("catalytic concentration", 5, "UKAT/L", "U/L", 300),
        ("cell concentration", 150, "10^3/UL", "10^9/L", 150),
        ("cell concentration", 50_000, "/UL", "10^9/L", 50),
        ("fraction", 0.25, "FRACTION OF 1", "%", 25),
    ],
)
def test_a_value_is_converted_by_one_factor_and_divided_by_the_other(quantity, value, unit, wanted, expected):
    assert value * factor(quantity, unit) / factor(quantity, wanted) == expected


def test_the_standard_unit_is_itself_a_unit_with_factor_one():
    standards = {(row["quantity"], row["standard_unit"].upper()) for row in read("units").rows(named=True)}
    ones = {(row["quantity"], row["unit"]) for row in read("units").rows(named=True) if row["factor"] == 1}
    assert standards <= ones


def test_a_quantity_has_one_standard_unit():
    standards = read("units").group_by("quantity").agg(pl.col("standard_unit").n_unique())
    assert standards["standard_unit"].to_list() == [1] * standards.height


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("units", ["quantity", "unit"]),
        ("scales", ["name"]),
        ("icans_items", ["name"]),
        ("icans_results", ["item", "written"]),
        ("icans_parts", ["item"]),
        ("event_terms", ["concept", "term"]),
    ],
)
def test_reference_rows_are_unique_upper_case_and_have_a_source(name, key):
    frame = read(name)
    assert not frame.select(key).is_duplicated().any()
    assert frame[key[-1]].to_list() == [text.strip().upper() for text in frame[key[-1]]]
    assert (frame["source"].str.len_chars() > 0).all()


def test_only_creatinine_shares_a_unit_with_another_quantity():
    frame = read("units")
    shared = frame.filter(frame["unit"].is_duplicated())
    assert sorted(shared.select("quantity", "unit").rows()) == [
        ("creatinine", "MG/DL"),
        ("mass concentration", "MG/DL"),
    ]


@pytest.mark.parametrize("name", ["units", "scales"])
def test_reference_rows_arrive_in_duckdb_as_they_are_written(name):
    with database() as db:
        assert db.execute(f"select * from reference.{name}").fetchall() == [
            tuple(float(v) if isinstance(v, int) else v for v in row) for row in read(name).rows()
        ]
