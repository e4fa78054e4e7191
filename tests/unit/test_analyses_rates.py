"""Rates of CRS per person-time, from a few subjects' times to ARD rows."""

import polars as pl
import pytest

from pipelines.analyses import Context, ard_rows, rates
from pipelines.models import read_models
from pipelines.warehouse import build, frame
from tests.harness import database, table
from tests.shared import ROOT

MODELS = [m for m in read_models(ROOT / "sql") if m.name in ("analysis.window_events", "analysis.stratum_rates")]
DAY = 86400
STRATA = table("""
    stratum    | group1  | group1_level | group2 | group2_level | group3 | group3_level | position
    overall    |         |              |        |              |        |              | 0
    therapy: A | therapy | A            |        |              |        |              | 1
""")
CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="reported")


@pytest.fixture(scope="module")
def db():
    """P1 has CRS on day 2 and again on day 20, P2 dies on day 5, P3 is followed for 100 days with CRS on day 40."""
    times = "studyid | usubjid | part | paramcd | aval | cnsr"
    ends = {"TTCRS": ((2.0, 0), (5.0, 2), (40.0, 0)), "TTCRS2": ((20.0, 0), (5.0, 2), (100.0, 1)), "TTCRS3": ((60.0, 1), (5.0, 2), (100.0, 1))}  # fmt: skip
    for paramcd, told in ends.items():
        for place, (aval, cnsr) in enumerate(told, start=1):
            times += f"\nS1 | P{place} | all | {paramcd} | {aval} | {cnsr}"
    with database(
        study__parameters=f"studyid | onset_window_s\nS1 | {30 * DAY}",
        analysis__observations=f"studyid | usubjid | part | origin_s | until_s\nS1 | P1 | all | 0 | {60 * DAY}\nS1 | P2 | all | 0 | {5 * DAY}\nS1 | P3 | all | 0 | {100 * DAY}",
        analysis__observed_episodes=f"studyid | usubjid | part | grade | onset_s\nS1 | P1 | all | 1 | {2 * DAY}\nS1 | P1 | all | 2 | {20 * DAY}\nS1 | P3 | all | 1 | {40 * DAY}",
        analysis__time_to_event=times,
        analysis__members="stratum | studyid | usubjid | part\noverall | S1 | P1 | all\noverall | S1 | P2 | all\noverall | S1 | P3 | all",
        analysis__subject_results="studyid | usubjid | part\nS1 | P1 | all\nS1 | P2 | all\nS1 | P3 | all",
    ) as db:
        for model in MODELS:
            build(db, model)
        yield db


@pytest.fixture(scope="module")
def ard(db):
    tables = {"analysis.strata": STRATA, "analysis.stratum_rates": frame(db, "select * from analysis.stratum_rates")}
    return ard_rows("rates", rates.ANALYSIS.compute(tables), STRATA, CONTEXT)


def stats(rows, variable, event, group=None):
    found = rows.filter(
        pl.col("group1_level").eq_missing(pl.lit(group, dtype=pl.String)), variable=variable, variable_level=event
    )
    return {row["stat_name"]: row["stat"] if row["stat"] is not None else row["warning"] for row in found.to_dicts()}


def test_time_at_risk_ends_with_the_event_death_or_the_window(ard):
    found = stats(ard, "first_crs_rate", "any")
    assert (found["n_events"], found["person_days"]) == (1, 2 + 5 + 30)
    assert found["rate"] == pytest.approx(100 / 37)


def test_limits_are_exact_poisson_ones(ard):
    found = stats(ard, "first_crs_rate", ">=2")
    # 1 in 20 + 5 + 30 days; Garwood's limits of 1 are 0.0253 and 5.5716.
    assert [round(found[name] * 0.55, 4) for name in ("ci_low", "rate", "ci_high")] == [0.0253, 1, 5.5716]


def test_every_episode_counts_in_the_other_estimand_and_none_after_the_window(ard):
    found = stats(ard, "episode_rate", "any")
    assert (found["records"], found["person_days"]) == (2, 30 + 5 + 30)
    assert stats(ard, "episode_rate", ">=2")["records"] == 1


def test_no_events_have_an_upper_limit_all_the_same(ard):
    found = stats(ard, "first_crs_rate", ">=3")
    assert (found["rate"], found["ci_low"], round(found["ci_high"] * 0.65, 4)) == (0, 0, 3.6889)


def test_a_stratum_without_time_says_so(ard):
    assert stats(ard, "first_crs_rate", "any", "A")["rate"] == "no time at risk"


def test_events_on_the_day_of_time_zero_leave_no_time_at_risk():
    rows = table("stratum | event | first_events | at_risk_s | episodes | observed_s\noverall | any | 2 | 0 | 2 | 0")
    tables = {"analysis.strata": STRATA, "analysis.stratum_rates": rows}
    found = ard_rows("rates", rates.ANALYSIS.compute(tables), STRATA, CONTEXT)
    assert stats(found, "first_crs_rate", "any")["rate"] == "no time at risk"


def test_the_subjects_behind_the_events_are_as_many_as_it_says(db, ard):
    counted = ard.filter(pl.col("stat_name") == "n_events")
    db.execute("set schema = 'analysis'")
    assert [frame(db, sql).height for sql in counted["subjects_sql"]] == counted["stat"].to_list()
