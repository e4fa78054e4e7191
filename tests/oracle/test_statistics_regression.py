"""Regressions, against R's cmprsk and logistf."""

from math import exp, log

import numpy as np
import pytest

from pipelines.statistics import Fit, fine_gray, firth_logistic
from tests.oracle.r import column, expected, near, rows

FINE_GRAY = expected("r/expected/competing_risks.json")["fine_gray"]
FIRTH = expected("r/expected/logistic_firth.json")["models"]
SIM, BMT, MGUS, SEPARATED = (
    rows(f"r/inputs/{name}.csv") for name in ("sim_crs", "bmt", "mgus2", "logit_complete_separation")
)


def _is(records: list[dict[str, str]], name: str, value: str) -> np.ndarray:
    return column(records, name, str) == value


TREATMENT = {
    "trtB-MID": _is(SIM, "trt", "B-MID"),
    "trtC-HIGH": _is(SIM, "trt", "C-HIGH"),
    "burdenLOW": _is(SIM, "burden", "LOW"),
}
COMPETING = {
    "sim_crr": (SIM, "time", "status", TREATMENT),
    "mgus2_crr": (MGUS, "etime", "event", {"age": column(MGUS, "age"), "sexM": _is(MGUS, "sex", "M")}),
    "bmt_crr": (
        BMT,
        "time",
        "status",
        {
            "factor(group)2": _is(BMT, "group", "2"),
            "factor(group)3": _is(BMT, "group", "3"),
            "z1": column(BMT, "z1"),
        },
    ),
}


@pytest.mark.parametrize("name", COMPETING)
def test_subdistribution_hazard_ratios_are_crr_s(name):
    records, time, status, covariates = COMPETING[name]
    found, wanted = fine_gray(column(records, time), column(records, status), covariates), FINE_GRAY[name]
    assert isinstance(found, Fit)
    assert [effect.name for effect in found.effects] == wanted["names"]
    assert near(found.log_likelihood, wanted["loglik"])
    for place, effect in enumerate(found.effects):
        assert near(effect.coefficient, wanted["coef"][place], 1e-6)
        assert near(effect.ratio, wanted["shr"][place], 1e-6)
        assert near(effect.lower, wanted["lower"][place], 1e-6)
        assert near(effect.upper, wanted["upper"][place], 1e-6)
        assert near(effect.p_value, wanted["p"][place], 1e-6)


@pytest.mark.parametrize(
    ("name", "outcomes", "covariates", "least"),
    [
        ("sim_crs", column(SIM, "status") == 1, {**TREATMENT, "age": column(SIM, "age")}, 5),
        ("complete_separation", column(SEPARATED, "y"), {"x": column(SEPARATED, "x")}, 4),
    ],
)
def test_odds_ratios_profile_limits_and_p_values_are_logistf_s(name, outcomes, covariates, least):
    found = firth_logistic(outcomes, covariates, least_events_per_variable=least)
    wanted = FIRTH[name]["firth"]
    assert isinstance(found, Fit)
    assert near(found.log_likelihood, wanted["penalised_loglik"][0])
    for place, effect in enumerate(found.effects, start=1):  # R's first is the constant
        assert effect.name == wanted["names"][place]
        assert near(effect.coefficient, wanted["coef"][place], 1e-6)
        assert near(effect.ratio, exp(wanted["coef"][place]), 1e-6)
        assert near(log(effect.lower), wanted["profile_lower"][place], 1e-6)
        assert near(log(effect.upper), wanted["profile_upper"][place], 1e-6)
        assert near(effect.p_value, wanted["plr_p"][place], 1e-6)
