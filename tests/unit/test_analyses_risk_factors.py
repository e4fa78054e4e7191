"""Risk factors as ARD rows, on subjects whose answer is known."""

import numpy as np
import polars as pl
import pytest

from pipelines.analyses import Context, ard_rows, risk_factors
from pipelines.described import read_references
from pipelines.statistics import firth_logistic
from pipelines.warehouse import frame
from tests.harness import database, table
from tests.shared import ROOT

STRATA = table("""
    stratum    | group1  | group1_level | group2 | group2_level | group3 | group3_level | position
    overall    |         |              |        |              |        |              | 0
    therapy: B | therapy | B            |        |              |        |              | 1
    therapy: A | therapy | A            |        |              |        |              | 2
""")
CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="reported")
TEXTS = ("therapy", "dose_level", "tumour_burden_level", "sex", "indication")
NUMBERS = ("age", "ecog", "ldh", "ferritin", "crp", "platelets", "prior_lines", "easix", "m_easix")


def subjects(n=200, seed=1) -> pl.DataFrame:
    """Grade 3 is likelier with therapy A and a higher LDH; ferritin is missing in a third, CRP in a tenth, ECOG in all."""
    random = np.random.default_rng(seed)
    ldh, is_a = np.exp(random.normal(5.6, 0.5, n)), random.random(n) < 0.5
    chance = 1 / (1 + np.exp(-(-1 + 0.8 * is_a + 0.9 * (np.log2(ldh) - 8))))
    grade = np.where(random.random(n) < chance, 3, np.where(random.random(n) < 0.4, 1, 0))
    given = {
        "studyid": ["S1"] * n,
        "usubjid": [f"P{k:04d}" for k in range(n)],
        "therapy": np.where(is_a, "A", "B"),
        "dose_level": ["DL1"] * n,
        "tumour_burden_level": np.where(random.random(n) < 0.1, "Missing", np.where(ldh > 300, "High", "Low")),
        "sex": np.where(random.random(n) < 0.5, "F", "M"),
        "indication": ["Lymphoma"] * n,
        "age": random.normal(60, 10, n),
        "ecog": [None] * n,
        "ldh": ldh,
        "ferritin": [None if k % 3 == 0 else float(value) for k, value in enumerate(np.exp(random.normal(6, 1, n)))],
        "crp": [None if k % 10 == 0 else float(value) for k, value in enumerate(np.exp(random.normal(3, 1, n)))],
        "platelets": ldh * 2,
        "prior_lines": random.integers(1, 5, n).astype(float),
        "easix": ldh,
        "m_easix": ldh,
        "grade": grade,
        "aval": np.where(grade == 3, random.random(n) * 7, 28),
    }
    kinds = {**dict.fromkeys(TEXTS, pl.String), **dict.fromkeys(NUMBERS, pl.Float64)}
    return pl.DataFrame(given, schema_overrides=kinds)


def tables(given: pl.DataFrame, dose_by="level"):
    times = [
        given.select("studyid", "usubjid", part=pl.lit("all"), paramcd=pl.lit(paramcd), aval="aval", cnsr=pl.when(pl.col("grade") >= least).then(0).otherwise(1))
        for paramcd, least in (("TTCRS", 1), ("TTCRS2", 2), ("TTCRS3", 3))
    ]  # fmt: skip
    [listed] = [reference for reference in read_references(ROOT / "sql") if reference.name == "reference.covariates"]
    with database() as db:
        candidates = frame(db, f"select * from {listed.name}")
    return {
        "analysis.strata": STRATA,
        "analysis.baseline": given.drop("grade", "aval"),
        "analysis.subject_results": given.select(
            "studyid", "usubjid", "grade", part=pl.lit("all"), episodes=pl.col("grade").sign()
        ),
        "analysis.time_to_event": pl.concat(times),
        "reference.covariates": candidates,
        "study.parameters": table(f"studyid | dose_by\nS1 | {dose_by}"),
    }


def ard(given, **more):
    return ard_rows("risk_factors", risk_factors.ANALYSIS.compute(tables(given, **more)), STRATA, CONTEXT)


@pytest.fixture(scope="module")
def rows():
    return ard(subjects())


def stats(rows, model, event, column):
    found = rows.filter(pl.col("by_variable") == model, pl.col("variable") == event, pl.col("variable_level") == column)
    return {row["stat_name"]: row["stat"] if row["stat"] is not None else row["warning"] for row in found.to_dicts()}


def test_a_covariate_alone_is_fitted_on_those_who_have_it(rows):
    given = subjects().filter(pl.col("crp").is_not_null())
    fit = firth_logistic(given["grade"].to_numpy() >= 3, {"crp": np.log2(given["crp"].to_numpy())})
    found = stats(rows, "logistic univariable", ">=3", "C-reactive protein, per doubling")
    assert (found["n"], found["n_events"]) == (180, fit.events)
    assert [found[name] for name in ("odds_ratio", "ci_low", "ci_high", "p_value")] == pytest.approx(
        [fit.effects[0].ratio, fit.effects[0].lower, fit.effects[0].upper, fit.effects[0].p_value]
    )


def test_a_level_is_held_against_the_first_of_study_yaml(rows):
    assert stats(rows, "logistic univariable", ">=3", "Therapy: A against B")["odds_ratio"] > 1


def test_together_are_fitted_those_that_can_be_and_why_others_cannot_is_said(rows):
    together = rows.filter(by_variable="logistic multivariable", variable=">=3", stat_name="odds_ratio")
    said = dict(together.select("by_level", "warning").unique().rows())
    assert {name for name, why in said.items() if why is None} == {"therapy", "tumour_burden_level", "age", "sex", "ldh", "crp", "prior_lines"}  # fmt: skip
    assert said["ecog"] == "no subject has it"
    assert said["indication"] == "it has fewer than two levels"
    assert said["ferritin"] == "missing in 34 % of subjects, more than 20 %"
    assert said["platelets"] == "it follows from those before it"
    assert "easix" not in said


def test_complete_cases_and_events_per_variable_are_printed(rows):
    complete = subjects().filter(pl.col("crp").is_not_null(), pl.col("tumour_burden_level") != "Missing")
    found = stats(rows, "logistic multivariable", ">=3", "Therapy: A against B")
    events = int((complete["grade"] >= 3).sum())
    assert (found["n"], found["n_events"]) == (complete.height, events)
    assert found["events_per_variable"] == pytest.approx(min(events, complete.height - events) / 7)


def test_fewer_than_five_events_a_variable_are_refused():
    given = subjects(40).with_columns(grade=pl.when(pl.int_range(pl.len()) < 4).then(3).otherwise(0))
    found = stats(ard(given), "logistic univariable", ">=3", "Age, per 10 years")
    assert found["events_per_variable"] == 4
    assert (
        found["odds_ratio"]
        == found["p_value"]
        == "4 events (or subjects without, if fewer) are too few for 1 variables"
    )


def test_complete_separation_has_a_finite_ratio_by_firth_and_none_by_fine_and_gray():
    given = subjects().with_columns(
        grade=pl.when(pl.col("sex") == "M").then(3).otherwise(0),
        aval=pl.when(pl.col("sex") == "M").then(1.0).otherwise(28.0),
    )
    found = ard(given)
    assert 100 < stats(found, "logistic univariable", ">=3", "Sex: M against F")["odds_ratio"] < 1e6
    assert (
        stats(found, "Fine-Gray univariable", ">=3", "Sex: M against F")["hazard_ratio"]
        == "a variable separates the events perfectly"
    )


def test_with_step_up_dosing_the_dose_is_no_risk_factor():
    found = ard(subjects(), dose_by="dose_number")
    assert stats(found, "logistic univariable", ">=3", "Dose level")["odds_ratio"].startswith("with step-up dosing")


@pytest.mark.parametrize(
    "given",
    [subjects(1), subjects().with_columns(grade=pl.lit(0)), subjects().with_columns(grade=pl.lit(5))],
    ids=["one subject", "no events", "all had it"],
)
def test_what_cannot_be_fitted_says_why(given):
    found = ard(given)
    assert found.filter(pl.col("stat").is_null(), pl.col("warning").is_null()).height == 0
    assert found.filter(stat_name="odds_ratio")["stat"].drop_nulls().len() == 0


def test_the_subjects_behind_every_number_are_as_many_as_it_says():
    given = tables(subjects())
    counted = ard(subjects()).filter(pl.col("stat_name").is_in(["n", "n_events"]))
    inputs = {name.replace(".", "__"): one for name, one in given.items() if name.startswith("analysis.")}
    with database(**inputs) as db:
        db.execute("set schema = 'analysis'")
        assert [frame(db, sql).height for sql in counted["subjects_sql"]] == counted["stat"].to_list()
