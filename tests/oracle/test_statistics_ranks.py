"""Trends, ranks, quantiles, agreement and the stopping boundary, against R and published numbers."""

import pytest

from pipelines.statistics import (
    Estimate,
    StoppingRule,
    TestResult,
    Trend,
    cochran_armitage,
    jonckheere,
    kruskal_wallis,
    quantiles,
    weighted_kappa,
)
from tests.oracle.r import column, expected, near, rows

RANKS = expected("r/expected/trend_rank_kappa.json")
SIM = rows("r/inputs/sim_crs.csv")
GRADES = [column(SIM, "grade")[column(SIM, "trt", str) == arm] for arm in ("A-LOW", "B-MID", "C-HIGH")]


@pytest.mark.parametrize("case", RANKS["cochran_armitage"], ids=lambda case: str(case["x"]))
def test_the_trend_in_proportions_is_prop_trend_test_s(case):
    found = cochran_armitage(case["x"], case["n"], case["scores"], exact=False)
    assert isinstance(found, Trend)
    assert near(found.z**2, case["prop_trend_chisq"])
    assert near(found.p_value, case["prop_trend_p"])


@pytest.mark.parametrize("case", RANKS["cochran_armitage"], ids=lambda case: str(case["x"]))
def test_the_exact_trend_in_proportions_is_coin_s(case):
    found = cochran_armitage(case["x"], case["n"], case["scores"], exact=True)
    assert isinstance(found, Trend)
    assert near(found.p_value, case["coin_exact_p"])


def test_a_trend_over_equal_steps_needs_no_scores():
    wanted = expected("peers/r_misc_expected.json")["trend"]
    found = cochran_armitage(wanted["x"], wanted["n"], exact=False)
    assert isinstance(found, Trend)
    assert near(found.z**2, wanted["chisq"])
    assert near(found.p_value, wanted["p"])


def test_kruskal_wallis_is_r_s():
    found = kruskal_wallis(GRADES)
    assert isinstance(found, TestResult)
    assert near(found.statistic, RANKS["ordinal_sim"]["kruskal"])
    assert near(found.p_value, RANKS["ordinal_sim"]["kruskal_p"])


def test_jonckheere_is_desctools_s_when_ties_are_left_out_of_the_variance():
    found = jonckheere(GRADES, correct_ties=False)
    assert isinstance(found, Trend)
    assert near(found.p_value, RANKS["ordinal_sim"]["jonckheere_p"], 1e-10)


@pytest.mark.parametrize("name", RANKS["quantiles"])
def test_quantiles_are_r_s_type_2(name):
    case = RANKS["quantiles"][name]
    assert quantiles(case["values"], (0.25, 0.5, 0.75)) == case["q"]["type2"]


# Agresti A. Categorical Data Analysis. Wiley 1990, table 10.9; kappas and limits as R's vcd prints them.
ENJOYMENT = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]


@pytest.mark.parametrize(("weights", "kappa", "error"), [("none", 0.1293, 0.06860), ("linear", 0.2374, 0.07832)])
def test_weighted_kappa_and_its_standard_error_are_vcd_s(weights, kappa, error):
    found = weighted_kappa(ENJOYMENT, weights)
    assert isinstance(found, Estimate)
    assert found.lower is not None
    assert found.upper is not None
    assert round(found.estimate, 4) == kappa
    assert near((found.upper - found.lower) / 2 / 1.959963984540054, error, 1e-5)


@pytest.mark.parametrize(
    ("confidence", "boundary"),
    [
        (0.90, {3: 3, 5: 4, 6: 4, 8: 5, 10: 6, 12: 6, 15: 8, 20: 9, 25: 11, 30: 13, 40: 16, 50: 20}),
        (0.95, {3: 3, 5: 4, 6: 5, 8: 5, 10: 6, 12: 7, 15: 8, 20: 10, 25: 12, 30: 14, 40: 18, 50: 21}),
    ],
)
def test_the_stopping_boundary_is_the_published_one(confidence, boundary):
    rule = StoppingRule(limit_rate=0.30, confidence=confidence, prior_events=0.6, prior_without=1.4)
    assert {subjects: rule.boundary(subjects) for subjects in boundary} == boundary
