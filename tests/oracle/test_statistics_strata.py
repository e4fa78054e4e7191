"""The same comparison in every stratum, against R's mantelhaen.test, ratesci, DescTools and vcdExtra."""

from collections import defaultdict

import numpy as np
import pytest

from pipelines.statistics import (
    Estimate,
    NotEstimable,
    TestResult,
    TwoGroups,
    breslow_day,
    cochran_mantel_haenszel,
    common_odds_ratio,
    miettinen_nurminen,
)
from tests.oracle.r import column, expected, near, rows, where

STRATIFIED = expected("r/expected/stratified.json")
SETS = STRATIFIED["sets"]
PEERS = expected("peers/strat_prop_diff_expected.json")
SIM = rows("r/inputs/sim_crs.csv")
REFERENCE = {str(case["case"]): str(case["ref_group"]) for case in PEERS if "ref_group" in case}
WITH_EVENTS = [case for case in SETS if case["set"] != "no_events"]


def _name(case: dict) -> str:
    return case["set"] if "set" in case else case["case"]


def _strata(case: dict) -> list[TwoGroups]:
    return [
        TwoGroups(events=s["x1"], subjects=s["n1"], reference_events=s["x2"], reference_subjects=s["n2"])
        for s in case["strata"]
    ]


def _peer_strata(case: dict) -> list[TwoGroups]:
    """The strata of a peer's case; a stratum that lacks an arm has nobody in it."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in where(rows("peers/strat_prop_diff_input.csv"), case=case["case"]):
        role = "reference_" if row["arm"] == REFERENCE[case["case"]] else ""
        counts[row["strata"]] |= {f"{role}events": int(row["x"]), f"{role}subjects": int(row["n"])}
    nobody = {"events": 0, "subjects": 0, "reference_events": 0, "reference_subjects": 0}
    return [TwoGroups(**(nobody | stratum)) for stratum in counts.values()]


def _tables(strata: list[TwoGroups]) -> list[list[list[int]]]:
    return [
        [
            [s.events, s.subjects - s.events],
            [s.reference_events, s.reference_subjects - s.reference_events],
        ]
        for s in strata
    ]


@pytest.mark.parametrize("case", SETS, ids=_name)
def test_the_stratified_difference_is_ratesci_s_with_mantel_haenszel_weights(case):
    found, wanted = miettinen_nurminen(_strata(case)), case["rd_mn_stratified_MHw"]
    assert isinstance(found, Estimate)
    assert near(found.estimate, wanted["est"])
    assert near(found.lower, wanted["lower"])
    assert near(found.upper, wanted["upper"])


@pytest.mark.parametrize("case", [case for case in PEERS if case["method"] == "strat_MN_score_MH_weights"], ids=_name)
def test_a_stratum_without_one_of_the_arms_does_not_count_in_the_difference(case):
    found = miettinen_nurminen(_peer_strata(case), case["conf_level"])
    assert isinstance(found, Estimate)
    assert near(found.lower, case["lower"])
    assert near(found.upper, case["upper"])


@pytest.mark.parametrize("case", WITH_EVENTS, ids=_name)
def test_the_test_across_strata_is_mantelhaen_test_without_correction(case):
    found = cochran_mantel_haenszel(_tables(_strata(case)))
    assert isinstance(found, TestResult)
    assert found.degrees_of_freedom == 1
    assert near(found.statistic, case["mh_no_correction"]["stat"])
    assert near(found.p_value, case["mh_no_correction"]["p"])


@pytest.mark.parametrize("case", [case for case in PEERS if case["method"] == "CMH_test"], ids=_name)
def test_the_test_across_strata_and_its_odds_ratio_are_those_of_the_peers(case):
    strata = _peer_strata(case)
    found, ratio = cochran_mantel_haenszel(_tables(strata)), common_odds_ratio(strata)
    assert isinstance(found, TestResult)
    assert isinstance(ratio, Estimate)
    assert near(found.statistic, case["statistic"])
    assert near(found.p_value, case["p"])
    assert near(ratio.estimate, case["mh_or"])
    assert near(ratio.lower, case["or_lower95"])
    assert near(ratio.upper, case["or_upper95"])


@pytest.mark.parametrize("case", WITH_EVENTS, ids=_name)
def test_the_common_odds_ratio_has_the_limits_of_mantelhaen_test(case):
    found, wanted = common_odds_ratio(_strata(case)), case["mh_no_correction"]
    assert isinstance(found, Estimate)
    assert near(found.estimate, wanted["common_or"])
    assert near(found.lower, wanted["lower"])
    assert near(found.upper, wanted["upper"])


@pytest.mark.parametrize("tarone", [False, True], ids=["plain", "tarone"])
@pytest.mark.parametrize("case", WITH_EVENTS, ids=_name)
def test_homogeneity_of_the_odds_ratios_is_tested_as_in_desctools(case, tarone):
    found = breslow_day(_strata(case), tarone=tarone)
    wanted = case["breslow_day_tarone" if tarone else "breslow_day"]
    assert isinstance(found, TestResult)
    assert near(found.statistic, wanted["stat"])
    assert near(found.p_value, wanted["p"])


@pytest.mark.parametrize("estimate", [common_odds_ratio, breslow_day])
def test_without_events_where_r_fails_there_is_no_estimate(estimate):
    [case] = [case for case in SETS if case["set"] == "no_events"]
    assert isinstance(estimate(_strata(case)), NotEstimable)
    assert isinstance(cochran_mantel_haenszel(_tables(_strata(case))), NotEstimable)


def _counts(rows_of: str, columns_of: np.ndarray, burden: tuple[str, ...]) -> np.ndarray:
    row, strata = column(SIM, rows_of, str), column(SIM, "burden", str)
    return np.array(
        [
            [
                [((row == r) & (columns_of == c) & (strata == s)).sum() for c in np.unique(columns_of)]
                for r in np.unique(row)
            ]
            for s in burden
        ]
    )


def test_more_than_two_groups_are_tested_as_in_mantelhaen_test():
    found = cochran_mantel_haenszel(_counts("trt", column(SIM, "status") == 1, ("HIGH", "LOW")))
    wanted = STRATIFIED["general_cmh_sim"]
    assert isinstance(found, TestResult)
    assert near(found.statistic, wanted["stat"])
    assert found.degrees_of_freedom == wanted["df"]
    assert near(found.p_value, wanted["p"])


@pytest.mark.parametrize(
    ("alternative", "row"), [("correlation", "cor"), ("row means", "rmeans"), ("general", "general")]
)
@pytest.mark.parametrize(("strata", "block"), [(("HIGH",), ":HIGH"), (("LOW",), ":LOW"), (("HIGH", "LOW"), "ALL")])
def test_ordered_grades_are_tested_as_in_vcdextra(alternative, row, strata, block):
    found = cochran_mantel_haenszel(_counts("trt", column(SIM, "grade"), strata), alternative)
    [wanted] = [line for line in STRATIFIED["cmh_rxc_sim"][block] if line["type"] == row]
    assert isinstance(found, TestResult)
    assert near(found.statistic, float(wanted["Chisq"]))
    assert found.degrees_of_freedom == int(wanted["Df"])
