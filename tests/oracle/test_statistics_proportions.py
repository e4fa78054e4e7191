"""One and two proportions, and rates, against R and SAS."""

from math import inf

import pytest

from pipelines.statistics import (
    Estimate,
    NotEstimable,
    TwoGroups,
    exact_interval,
    exact_rate,
    fisher,
    miettinen_nurminen,
    wilson_interval,
)
from tests.oracle.r import expected, near, rows

BINOMIAL = expected("r/expected/binomial_ci.json")["cases"]
TABLES = expected("r/expected/two_by_two.json")["tables"]
RATES = expected("r/expected/poisson_eair.json")["one_sample"]
SCORE = [row for row in rows("peers/prop_diff_ci.csv") if row["method"] == "mn"]


def _case(case: dict) -> str:
    return f"{case['x']}of{case['n']}at{case['conf_level']}"


def _groups(case: dict, reference: str = "2") -> TwoGroups:
    return TwoGroups(
        events=int(case["x1"]),
        subjects=int(case["n1"]),
        reference_events=int(case[f"x{reference}"]),
        reference_subjects=int(case[f"n{reference}"]),
    )


def _as_near_as_r_looks(ratio: float | None, wanted: float) -> bool:
    """R's fisher.test looks for an odds ratio above 1 through its inverse, and stops within 1.2e-4 of it."""
    assert ratio is not None
    return abs(ratio - wanted) < 2e-4 if wanted < 1 else abs(1 / ratio - 1 / wanted) < 2e-4


@pytest.mark.parametrize("case", BINOMIAL, ids=_case)
def test_the_exact_interval_is_r_s_binom_test(case):
    lower, upper = exact_interval(case["x"], case["n"], case["conf_level"])
    assert near(lower, case["clopper_pearson"]["lower"])
    assert near(upper, case["clopper_pearson"]["upper"])


@pytest.mark.parametrize("case", BINOMIAL, ids=_case)
def test_the_wilson_interval_is_r_s_prop_test(case):
    lower, upper = wilson_interval(case["x"], case["n"], case["conf_level"])
    assert near(lower, case["wilson"]["lower"])
    assert near(upper, case["wilson"]["upper"])


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case["case"])
def test_the_difference_has_r_s_miettinen_nurminen_interval(case):
    found = miettinen_nurminen([_groups(case)])
    assert isinstance(found, Estimate)
    assert near(found.estimate, case["rd_est"])
    assert near(found.lower, case["rd_mn"]["lower"])
    assert near(found.upper, case["rd_mn"]["upper"])


@pytest.mark.parametrize("case", SCORE, ids=lambda c: f"{c['x1']}of{c['n1']}-{c['x0']}of{c['n0']}at{c['conf_level']}")
def test_the_difference_has_the_interval_of_ratesci_at_every_confidence(case):
    found = miettinen_nurminen([_groups(case, reference="0")], float(case["conf_level"]))
    assert isinstance(found, Estimate)
    assert near(found.lower, float(case["lower"]))
    assert near(found.upper, float(case["upper"]))


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in expected("peers/sas_published_risk_difference.json")
        if "MN" in case["method"] and "unconditional" not in case["method"]
    ],
    ids=lambda case: case["id"],
)
def test_the_difference_has_the_interval_published_from_sas(case):
    found = miettinen_nurminen(
        [_groups(stratum, reference="0") for stratum in case.get("strata", [case])], case["conf_level"]
    )
    assert isinstance(found, Estimate)
    assert near(found.lower, case["lower"], case["tol"])
    assert near(found.upper, case["upper"], case["tol"])
    assert near(found.estimate, case.get("est", found.estimate), case["tol"])


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case["case"])
def test_fisher_s_p_value_is_r_s(case):
    found = fisher(_groups(case))
    assert not isinstance(found, NotEstimable)
    assert near(found.p_value, case["fisher"]["p_two_sided"])


@pytest.mark.parametrize("case", [c for c in TABLES if c["x1"] + c["x2"]], ids=lambda case: case["case"])
def test_fisher_s_odds_ratio_is_r_s(case):
    found = fisher(_groups(case))
    assert not isinstance(found, NotEstimable)
    assert isinstance(found.odds_ratio, Estimate)
    assert _as_near_as_r_looks(found.odds_ratio.estimate, case["fisher"]["or_conditional_mle"])
    assert _as_near_as_r_looks(found.odds_ratio.lower, case["fisher"]["or_lower"])
    assert _as_near_as_r_looks(found.odds_ratio.upper, case["fisher"]["or_upper"])


def test_fisher_s_odds_ratio_is_infinite_when_the_reference_group_has_no_event():
    wanted = expected("peers/r_misc_expected.json")["fisher"]
    events, without, reference_events, reference_without = wanted["tab"]
    found = fisher(
        TwoGroups(
            events=events,
            subjects=events + without,
            reference_events=reference_events,
            reference_subjects=reference_events + reference_without,
        )
    )
    assert not isinstance(found, NotEstimable)
    assert isinstance(found.odds_ratio, Estimate)
    assert near(found.p_value, wanted["p"])
    assert found.odds_ratio.estimate == found.odds_ratio.upper == inf
    assert _as_near_as_r_looks(found.odds_ratio.lower, wanted["ci"][0])


@pytest.mark.parametrize("case", RATES, ids=lambda c: f"{c['events']}in{c['person_years']}")
def test_the_rate_has_r_s_exact_poisson_interval(case):
    found = exact_rate(case["events"], case["person_years"], confidence=case["conf_level"])
    assert isinstance(found, Estimate)
    assert near(found.estimate, case["eair_per_100py"])
    assert near(found.lower, case["exact"]["lower"])
    assert near(found.upper, case["exact"]["upper"])
