"""Prevention of CRS as ARD rows, on subjects whose answer is known."""

import polars as pl
import pytest

from pipelines.analyses import Context, ard_rows, prevention
from pipelines.described import read_references
from pipelines.models import read_models
from pipelines.warehouse import build, frame
from tests.harness import database
from tests.shared import ROOT
from tests.unit.test_analyses_risk_factors import STRATA, subjects
from tests.unit.test_analyses_risk_factors import tables as risk_tables

CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="reported")
[MODEL] = [model for model in read_models(ROOT / "sql") if model.name == "analysis.prevention"]


def given() -> pl.DataFrame:
    """Men have premedication more often than women; of every seventh subject it cannot be told."""
    return subjects(400, seed=5).with_columns(
        place=pl.int_range(pl.len()), is_exposed=pl.when(pl.col("sex") == "M").then(pl.int_range(pl.len()) % 4 > 0).otherwise(pl.int_range(pl.len()) % 4 == 0)
    ).with_columns(is_exposed=pl.when(pl.col("place") % 7 == 0).then(None).otherwise("is_exposed"))  # fmt: skip


def tables(rows: pl.DataFrame):
    found = risk_tables(rows.drop("is_exposed", "place"))
    measures = [rows.select("studyid", "usubjid", measure=pl.lit("premedication"), is_exposed="is_exposed")]
    measures += [rows.select("studyid", "usubjid", measure=pl.lit("step-up"), is_exposed=pl.lit(True))]
    [listed] = [
        reference for reference in read_references(ROOT / "sql") if reference.name == "reference.preventive_measures"
    ]
    with database() as db:
        found[listed.name] = frame(db, f"select * from {listed.name}")
    others = set(found[listed.name]["measure"]) - {"premedication", "step-up"}
    unknown = pl.lit(None, dtype=pl.Boolean)
    measures += [
        rows.select("studyid", "usubjid", measure=pl.lit(other), is_exposed=unknown) for other in sorted(others)
    ]
    return {**found, "analysis.prevention": pl.concat(measures)}


def ard(rows):
    return ard_rows("prevention_results", prevention.ANALYSIS.compute(tables(rows)), STRATA, CONTEXT)


@pytest.fixture(scope="module")
def rows():
    return ard(given())


def stats(rows, event, level, measure="Premedication"):
    found = rows.filter(pl.col("variable") == measure, pl.col("variable_level") == event, pl.col("by_level") == level)
    return {row["stat_name"]: row["stat"] if row["stat"] is not None else row["warning"] for row in found.to_dicts()}


def test_risks_with_and_without_are_counted_and_the_unknown_apart(rows):
    told = given().drop_nulls("is_exposed")
    for level, of in (("yes", told.filter("is_exposed")), ("no", told.filter(~pl.col("is_exposed")))):
        found = stats(rows, ">=3", level)
        assert (found["n"], found["N"]) == (of.filter(pl.col("grade") >= 3).height, of.height)
    assert stats(rows, "exposure", "unknown") == {"n": 58}


def test_the_crude_difference_is_that_of_the_two_risks(rows):
    yes, no = (stats(rows, ">=3", level) for level in ("yes", "no"))
    assert stats(rows, ">=3", "crude")["difference"] == pytest.approx(yes["p"] - no["p"])


def test_the_adjusted_difference_is_standardised_over_the_confounders(rows):
    found = stats(rows, ">=3", "adjusted")
    assert found["difference"] == pytest.approx(found["risk_exposed"] - found["risk_unexposed"])
    assert found["ci_low"] < found["difference"] < found["ci_high"]
    assert stats(rows, ">=3", "adjusted ratio")["risk_ratio"] == pytest.approx(
        found["risk_exposed"] / found["risk_unexposed"]
    )


def test_a_study_in_which_all_had_it_has_no_adjusted_comparison(rows):
    assert stats(rows, "any", "adjusted", "Step-up dosing")["difference"] == "all or none are exposed"
    assert stats(rows, "any", "no", "Step-up dosing")["p"] == "no subjects"


def test_overlap_is_shown(rows):
    yes, no = (stats(rows, "overlap", level) for level in ("yes", "no"))
    assert yes["n"] + no["n"] == stats(rows, "any", "adjusted")["n"]
    assert no["median"] < yes["median"]
    assert 0 <= stats(rows, "overlap", "outside common support")["p"] < 0.2


def test_the_method_says_that_it_is_observational(rows):
    told = rows.filter(pl.col("by_variable") == "comparison")["method"].unique()
    assert all("observational" in method for method in told)


def test_the_subjects_behind_every_number_are_as_many_as_it_says(rows):
    found = tables(given())
    inputs = {name.replace(".", "__"): one for name, one in found.items() if name.startswith("analysis.")}
    counted = rows.filter(pl.col("stat_name").is_in(["n", "N"]), pl.col("stat").is_not_null())
    with database(**inputs) as db:
        db.execute("set schema = 'analysis'")
        assert [frame(db, sql).height for sql in counted["subjects_sql"]] == counted["stat"].to_list()


def test_what_was_done_is_told_from_doses_and_medications():
    with database(
        analysis__adsl="studyid | usubjid | saffl | premedfl | dose_level | doses\nS1 | P1 | Y | Y | DL1 | 2\nS1 | P2 | Y | N | DL2 | 1\nS1 | P3 | Y | N | Missing | 2\nS1 | P4 | N | N | Missing | 0",
        study__parameters="studyid | dose_by | premedication_window_s\nS1 | level | 86400",
        study__dose_levels="studyid | dose_level | position\nS1 | DL1 | 1\nS1 | DL2 | 2",
        staged__doses="studyid | usubjid | dose_number | start_s | amount_as_given | unit_as_given\nS1 | P1 | 1 | 200000 | 1 | mg\nS1 | P1 | 2 | 300000 | 10 | mg\nS1 | P2 | 1 | 200000 | 5 | mg\nS1 | P3 | 1 | 200000 | 5 | mg\nS1 | P3 | 2 | 300000 | 5 | vials",
        staged__dose_levels="studyid | usubjid | dose_number | amount\nS1 | P1 | 1 | 1\nS1 | P1 | 2 | 10\nS1 | P2 | 1 | 5\nS1 | P3 | 1 | 5\nS1 | P3 | 2 | ",
        staged__medications="studyid | usubjid | drug_class | waives_fever | start_s | start_last_s\nS1 | P1 | antipyretic | true | 190000 | 190000\nS1 | P1 | corticosteroid | true | 100000 | 100000\nS1 | P2 | antipyretic | true | 290000 | 290000",
    ) as db:
        build(db, MODEL)
        found = frame(db, "select usubjid, measure, is_exposed from analysis.prevention order by all")
    wide = found.pivot("measure", index="usubjid", values="is_exposed").sort("usubjid")
    assert wide["usubjid"].to_list() == ["P1", "P2", "P3"]
    assert wide["premedication with antipyretic"].to_list() == [True, False, False]
    assert wide["premedication with corticosteroid"].to_list() == [False, False, False]
    assert wide["lower dose"].to_list() == [True, False, None]
    assert wide["step-up"].to_list() == [True, False, None]
