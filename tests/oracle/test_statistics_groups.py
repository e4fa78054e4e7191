"""Tests between groups over time, against R's survdiff and cmprsk."""

import numpy as np
import pytest

from pipelines.statistics import NotEstimable, TestResult, gray, log_rank
from tests.oracle.r import column, expected, near, rows, where

LOG_RANK = expected("r/expected/km_logrank.json")["logrank"]
GRAY = expected("r/expected/competing_risks.json")["gray"]
CAMIS = expected("peers/camis_bmt_expected.json")
SIM, LUNG = rows("r/inputs/sim_crs.csv"), rows("r/inputs/lung.csv")
EDGE, BMT, MGUS = (rows(f"r/inputs/{name}.csv") for name in ("edge_survival", "bmt", "mgus2"))


def _crossed(records: list[dict[str, str]], *names: str) -> np.ndarray:
    return np.array(["/".join(record[name] for name in names) for record in records])


def _log_rank(name: str) -> TestResult | NotEstimable:
    """The test on the data that ``name`` stands for in R's file."""
    if name.startswith("edge_"):
        chosen = where(EDGE, case=name.removeprefix("edge_"))
        return log_rank(column(chosen, "time"), column(chosen, "status") == 1, column(chosen, "group"))
    if name.startswith("sim"):
        strata = _crossed(SIM, "burden", "region") if "strat" in name else None
        return log_rank(column(SIM, "time"), column(SIM, "status") == 1, column(SIM, "trt", str), strata)
    chosen = [record for record in LUNG if record["ph.ecog"]] if "strat" in name else LUNG
    strata = _crossed(chosen, "ph.ecog") if "strat" in name else None
    return log_rank(column(chosen, "time"), column(chosen, "status") == 2, column(chosen, "sex"), strata)


@pytest.mark.parametrize(
    "name",
    [name for name in LOG_RANK if name != "lung_sex_peto"],  # weighted as Peto and Peto, which we do not
)
def test_the_log_rank_test_is_survdiff_s(name):
    found, wanted = _log_rank(name), LOG_RANK[name]
    if "error" in wanted:
        assert isinstance(found, NotEstimable)
    else:
        assert isinstance(found, TestResult)
        assert near(found.statistic, wanted["chisq"])
        assert found.degrees_of_freedom == wanted["df"]
        assert near(found.p_value, wanted["p"])


GRAY_INPUTS = {
    "mgus2_sex": (MGUS, "etime", "event", "sex", {}),
    "bmt_group": (BMT, "time", "status", "group", {}),
    "sim_trt": (SIM, "time", "status", "trt", {}),
    "sim_trt_rho1": (SIM, "time", "status", "trt", {"rho": 1}),
    "sim_trt_strata_burden": (SIM, "time", "status", "trt", {"strata": _crossed(SIM, "burden")}),
}


@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize("name", GRAY)
def test_gray_s_test_is_cmprsk_s(name, cause):
    edge = (where(EDGE, case=name.removeprefix("edge_")), "time", "status", "group", {})
    records, time, status, group, options = GRAY_INPUTS.get(name, edge)
    found = gray(
        column(records, time), column(records, status, int), column(records, group, str), cause=cause, **options
    )
    wanted = GRAY[name].get(f"cause_{cause}")
    if wanted is None or wanted["stat"] < 0:  # cmprsk fails, leaves the cause out, or says -1
        assert isinstance(found, NotEstimable)
    else:
        assert isinstance(found, TestResult)
        assert near(found.statistic, wanted["stat"])
        assert found.degrees_of_freedom == wanted["df"]
        assert near(found.p_value, wanted["p"])


@pytest.mark.parametrize("cause", [1, 2])
def test_gray_s_test_on_the_published_transplants_is_cmprsk_s(cause):
    records = rows("peers/camis_bmt.csv")
    times, causes = column(records, "time_years"), column(records, "status", int)
    found = gray(times, causes, column(records, "group"), cause=cause)
    assert isinstance(found, TestResult)
    assert near(found.statistic, CAMIS["gray"][f"cause{cause}"], 1e-7)
    assert near(found.p_value, CAMIS["gray"][f"p{cause}"], 1e-7)
