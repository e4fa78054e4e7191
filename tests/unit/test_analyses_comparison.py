"""Comparisons between levels as ARD rows, against numbers of R and of textbooks."""

import polars as pl
import pytest

from pipelines.analyses import Context, ard_rows, comparison
from tests.harness import table

STRATA = table("""
    stratum             | group1        | group1_level | group2 | group2_level | group3 | group3_level | position
    overall             |               |              |        |              |        |              | 0
    therapy: A          | therapy       | A            |        |              |        |              | 1
    therapy: B          | therapy       | B            |        |              |        |              | 2
    therapy: C          | therapy       | C            |        |              |        |              | 3
    therapy: Missing    | therapy       | Missing      |        |              |        |              | 4
    dose: DL1           | dose          | DL1          |        |              |        |              | 5
    dose: DL2           | dose          | DL2          |        |              |        |              | 6
    dose: DL3           | dose          | DL3          |        |              |        |              | 7
    tumour_burden: Low  | tumour_burden | Low          |        |              |        |              | 8
    tumour_burden: High | tumour_burden | High         |        |              |        |              | 9
""")
# By therapy 3 of 10 and 9 of 10; the only subject of a therapy that is Missing had CRS too.
ROWS = """
    study | therapy | dose | tumour_burden | grade | n
    S1    | A       | DL1  | Low           | 0     | 7
    S1    | A       | DL1  | Low           | 1     | 3
    S1    | B       | DL1  | Low           | 2     | 9
    S1    | B       | DL1  | Low           | 0     | 1
    S1    | Missing | DL1  | Low           |       | 1
"""
CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="reported")


def ard(rows=ROWS, dose_by="level"):
    tables = {
        "analysis.strata": STRATA,
        "analysis.level_grades": table(rows) if isinstance(rows, str) else rows,
        "study.parameters": table(f"studyid | dose_by\nS1 | {dose_by}"),
    }
    return ard_rows("comparison", comparison.ANALYSIS.compute(tables), STRATA, CONTEXT)


def stats(rows, variable, event="any", level=None, **by):
    found = rows.filter(
        pl.col("variable") == variable,
        pl.col("variable_level") == event,
        pl.col("group1_level").eq_missing(pl.lit(level, dtype=pl.String)),
        *(pl.col(name) == value for name, value in by.items()),
    )
    return {row["stat_name"]: row["stat"] if row["stat"] is not None else row["warning"] for row in found.to_dicts()}


def rounded(found, places=4):
    return {name: round(value, places) if isinstance(value, float) else value for name, value in found.items()}


def test_a_level_against_the_first_has_the_published_score_interval():
    # Miettinen and Nurminen 1985: 9 of 10 against 3 of 10.
    found = stats(ard(), "crs_difference", level="B", by_variable="against", by_level="A")
    assert rounded(found) == {"n": 9, "N": 10, "difference": 0.6, "ci_low": 0.17, "ci_high": 0.8406}


def test_its_odds_ratio_and_p_value_are_those_of_fisher_s_exact_test():
    # fisher.test(matrix(c(9, 1, 3, 7), 2)) of R.
    found = stats(ard(), "crs_odds_ratio", level="B", by_variable="against", by_level="A")
    assert rounded(found, 5)["p_value"] == 0.01977
    assert found["ci_low"] < found["odds_ratio"] < found["ci_high"]


def test_a_grade_that_is_not_known_is_any_crs_and_no_higher_one():
    rows = ROWS.replace("| 2     | 9", "|       | 9")
    counts = [stats(ard(rows), "crs_difference", event, "B", by_variable="against")["n"] for event in ("any", ">=2")]
    assert counts == [9, 0]


def test_missing_is_not_compared():
    assert "Missing" not in set(ard()["group1_level"])
    assert stats(ard(), "crs_association", by_variable="across", by_level="therapy")["N"] == 20


def test_a_level_nobody_is_in_is_not_estimable():
    found = stats(ard(), "crs_difference", level="C", by_variable="against", by_level="A")
    assert found["difference"] == found["ci_low"] == "one of the two groups has no subjects"


def test_a_trend_over_dose_is_exact_where_few_are_expected():
    rows = """
        study | therapy | dose | tumour_burden | grade | n
        S1    | A       | DL1  | Low           | 0     | 6
        S1    | A       | DL2  | Low           | 0     | 6
        S1    | A       | DL3  | Low           | 1     | 4
        S1    | A       | DL3  | Low           | 0     | 2
    """
    found = ard(rows).filter(variable="crs_trend", variable_level="any", by_variable="across", by_level="dose")
    assert set(found["method"].str.contains("exact, since an expected count is below 5")) == {True}
    # Every table with four events: 4 of the 3rd level have the largest score; 1 is as far below as 4 are above.
    assert dict(found.select("stat_name", "stat").rows())["p_value"] == pytest.approx(2 * 15 / 3060)


STRATIFIED = """
    study | therapy | dose | tumour_burden | grade | n
    S1    | A       | DL1  | Low           | 1     | 5
    S1    | A       | DL1  | Low           | 0     | 37
    S1    | B       | DL1  | Low           | 1     | 10
    S1    | B       | DL1  | Low           | 0     | 30
    S1    | A       | DL1  | High          | 1     | 9
    S1    | A       | DL1  | High          | 0     | 39
    S1    | B       | DL1  | High          | 1     | 15
    S1    | B       | DL1  | High          | 0     | 35
"""


def test_within_strata_the_test_is_that_of_cochran_mantel_and_haenszel():
    found = stats(ard(STRATIFIED), "crs_association", by_variable="across, within tumour_burden", by_level="therapy")
    assert rounded(found) | {"p_value": None} == {"n": 39, "N": 180, "statistic": 3.8528, "df": 1, "p_value": None}


def test_within_strata_the_odds_ratio_is_common_and_its_sameness_tested():
    where = {"level": "B", "by_variable": "against, within tumour_burden", "by_level": "A"}
    ratio = stats(ard(STRATIFIED), "crs_odds_ratio", **where)
    # (10 * 37 / 82 + 15 * 39 / 98) / (30 * 5 / 82 + 35 * 9 / 98), worked by hand.
    assert ratio["odds_ratio"] == pytest.approx((370 / 82 + 585 / 98) / (150 / 82 + 315 / 98))
    assert stats(ard(STRATIFIED), "crs_homogeneity", **where)["df"] == 1


def test_steps_of_a_step_up_are_no_groups():
    rows = ard(ROWS.replace("DL1", "   "), dose_by="dose_number")
    found = stats(rows, "crs_difference", level="DL2", by_variable="against", by_level="DL1")
    assert found["n"].startswith("with step-up dosing")
    assert stats(rows, "crs_difference", level="B", by_variable="against", by_level="A")["difference"] == pytest.approx(
        0.6
    )


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("study | therapy | dose | tumour_burden | grade | n", "nobody"),
        ("study | therapy | dose | tumour_burden | grade | n\nS1 | A | DL1 | Low | 0 | 1", "one subject without"),
        (
            "study | therapy | dose | tumour_burden | grade | n\nS1 | A | DL1 | Low | 5 | 4\nS1 | B | DL2 | High | 5 | 3",
            "all",
        ),
    ],
)
def test_what_cannot_be_answered_says_why_and_every_row_is_there(rows, why):
    schema = {"study": pl.String, "therapy": pl.String, "dose": pl.String, "tumour_burden": pl.String, "grade": pl.Int64, "n": pl.Int64}  # fmt: skip
    given = table(rows) if "\n" in rows else pl.DataFrame(schema=schema)
    found = ard(given)
    assert found.height == ard().height
    assert found.filter(pl.col("stat").is_null(), pl.col("warning").is_null()).height == 0
