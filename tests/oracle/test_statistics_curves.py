"""Kaplan-Meier and Aalen-Johansen curves, against R's survfit, cmprsk and survRM2, and SAS."""

import numpy as np
import pytest

from pipelines.statistics import (
    Estimate,
    NotEstimable,
    Point,
    TimeLost,
    cumulative_incidence,
    kaplan_meier,
    numbers_at_risk,
    restricted_mean_time_lost,
)
from tests.oracle.r import column, expected, near, rows, where

SURVIVAL = expected("r/expected/km_logrank.json")
COMPETING = expected("r/expected/competing_risks.json")
SIM, LUNG = rows("r/inputs/sim_crs.csv"), rows("r/inputs/lung.csv")
EDGE, BMT, MGUS = (rows(f"r/inputs/{name}.csv") for name in ("edge_survival", "bmt", "mgus2"))
CAMIS = expected("peers/camis_bmt_expected.json")


def _subjects(name: str, stratum: str) -> tuple[np.ndarray, np.ndarray]:
    """Times and events behind one curve; a stratum is written ``variable=value``."""
    case = name.removesuffix("__by_group")
    records = LUNG if case.startswith("lung") else SIM if case.startswith("sim") else where(EDGE, case=case)
    variable, _, value = stratum.partition("=")
    chosen = where(records, **{variable: value}) if value else records
    event = "2" if records is LUNG else "1"
    return column(chosen, "time"), column(chosen, "status", str) == event


def _curves() -> list:
    """Every curve of R's: its name, its stratum, its place among the strata, and all R says of it."""
    found = []
    for name, block in {**SURVIVAL["km"], **SURVIVAL["km_edge"]}.items():
        strata = block["log_log"]["strata"]
        for place, stratum in enumerate([strata] if isinstance(strata, str) else strata):
            found.append(pytest.param(name, stratum, place, block["log_log"], id=f"{name}-{stratum}"))
    return found


def _same(point: Point, wanted: dict, value: str, error: str) -> None:
    assert near(point.estimate, wanted[value])
    assert near(point.standard_error, wanted[error] or 0.0)
    # R gives survival of exactly 1 the limits 1 and 1 before the first subject leaves, and none after.
    certain = wanted[value] in (0, 1)
    assert near(point.lower, None if certain else wanted["lower"])
    assert near(point.upper, None if certain else wanted["upper"])


@pytest.mark.parametrize(("name", "stratum", "place", "wanted"), _curves())
def test_survival_at_every_event_is_survfit_s(name, stratum, place, wanted):
    curve = kaplan_meier(*_subjects(name, stratum))
    steps = [row for row in wanted["curve"] if row["strata"] == stratum and row["n_event"]]
    assert [step["time"] for step in steps] == list(curve.time)
    for step, point in zip(steps, (p for p in curve.points() if p.time in curve.time), strict=True):
        error = (step["std_err_log"] if step["surv"] else 0) * step["surv"] if step["surv"] else 0.0
        _same(point, {**step, "std_err": error}, "surv", "std_err")
    assert [step["n_risk"] for step in steps] == list(curve.at_risk)
    assert [step["n_event"] for step in steps] == list(curve.events)


@pytest.mark.parametrize(("name", "stratum", "place", "wanted"), _curves())
def test_survival_on_a_day_is_survfit_s_until_the_last_subject_leaves(name, stratum, place, wanted):
    curve = kaplan_meier(*_subjects(name, stratum))
    for row in wanted.get("at_times", []):
        if row["strata"] != stratum:
            continue
        [point] = curve.at([row["time"]])
        if row["time"] > curve.last_time and row["surv"] > 0:
            assert isinstance(point, NotEstimable)
        else:
            assert isinstance(point, Point)
            _same(point, row, "surv", "std_err")


@pytest.mark.parametrize(("name", "stratum", "place", "wanted"), _curves())
def test_numbers_at_risk_on_a_day_are_survfit_s(name, stratum, place, wanted):
    times, _ = _subjects(name, stratum)
    listed = [row for row in wanted.get("at_times", []) if row["strata"] == stratum]
    assert numbers_at_risk(times, [row["time"] for row in listed]) == [row["n_risk"] for row in listed]


@pytest.mark.parametrize(("name", "stratum", "place", "wanted"), _curves())
def test_quartiles_and_their_limits_are_survfit_s(name, stratum, place, wanted):
    curve, blocks = kaplan_meier(*_subjects(name, stratum)), wanted["quantile"]
    for probability, estimate, lower, upper in zip(
        (0.25, 0.5, 0.75), *(blocks[side][place] for side in ("quantile", "lower", "upper")), strict=True
    ):
        found = curve.quantile(probability)
        if estimate is None:
            assert isinstance(found, NotEstimable)
        else:
            assert found == Estimate(estimate=estimate, lower=lower, upper=upper)


@pytest.mark.parametrize("case", expected("peers/km_conventions.json"), ids=lambda case: case["id"])
def test_the_median_and_the_tail_follow_the_named_conventions(case):
    curve = kaplan_meier(case["time"], case["event"])
    if "median" in case["R"]:
        median = curve.median()
        assert isinstance(median, Estimate)
        assert near(median.estimate, case["R"]["median"])
    if "S120" in case["R"]:
        [tail] = curve.at([120])
        # SAS does not carry survival past the last subject, and neither do we.
        assert isinstance(tail, NotEstimable) if case["SAS"]["S120"] == "NE" else tail.estimate == 0


def _incidences() -> list:
    """Every set of subjects that cmprsk took, with what it said of each cause."""
    found = []
    for name, groups in {**COMPETING["aj"], **COMPETING["aj_edge"]}.items():
        for group, block in groups.items():
            for cause, wanted in block["cmprsk"].items():
                if cause != "error":
                    number = int(cause.removeprefix("cause_"))
                    found.append(pytest.param(name, group, number, wanted, id=f"{name}-{group}-{cause}"))
    return found


def _competitors(name: str, group: str) -> tuple[np.ndarray, np.ndarray]:
    records, time, status, variable = {
        "mgus2": (MGUS, "etime", "event", "sex"),
        "bmt": (BMT, "time", "status", "group"),
        "sim": (SIM, "time", "status", "trt"),
    }.get(name.split("_")[0], (where(EDGE, case=name), "time", "status", "group"))
    chosen = records if group == "all" else where(records, **{variable: group})
    return column(chosen, time), column(chosen, status, int)


@pytest.mark.parametrize(("name", "group", "cause", "wanted"), _incidences())
def test_cumulative_incidence_and_its_variance_are_cmprsk_s(name, group, cause, wanted):
    curve = cumulative_incidence(*_competitors(name, group), cause=cause)
    for row, point in zip(wanted, curve.at([row["time"] for row in wanted]), strict=True):
        if row["est"] is None:
            assert isinstance(point, NotEstimable)
        else:
            assert isinstance(point, Point)
            assert near(point.estimate, row["est"])
            assert near(point.standard_error**2, row["var"])


@pytest.mark.parametrize("name", ["no_events", "single_censored"])
def test_incidence_is_nought_while_anyone_is_observed_where_cmprsk_fails_without_events(name):
    [group] = COMPETING["aj_edge"][name]
    curve = cumulative_incidence(*_competitors(name, group))
    inside, outside = curve.at([curve.last_time, curve.last_time + 1])
    assert inside == Point(time=curve.last_time, estimate=0.0, standard_error=0.0, lower=None, upper=None)
    assert isinstance(outside, NotEstimable)


def test_incidence_limits_are_those_sas_prints():
    chosen, sas = where(rows("peers/camis_bmt.csv"), group=str(CAMIS["sas"]["group"])), CAMIS["sas"]
    curve = cumulative_incidence(column(chosen, "time_years"), column(chosen, "status", int))
    for place, point in enumerate(curve.at(sas["times"])):
        assert isinstance(point, Point)
        printed = [
            None if number is None else round(number, 4)
            for number in (point.estimate, point.standard_error, point.lower, point.upper)
        ]
        assert printed == [sas[name][place] for name in ("cif", "se", "lower", "upper")]


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in expected("peers/savvyr_expected.json")["cases"]
        if case["ce"] == 2  # the input of the case with soft competing events is not here
    ],
    ids=lambda case: case["id"],
)
def test_incidence_and_one_minus_kaplan_meier_are_savvyr_s(case):
    records = rows(f"peers/{case['input']}")
    times, kinds = column(records, "time_to_event"), column(records, "type_of_event", int)
    causes = np.where(kinds > case["ce"], 0, kinds)
    # savvyr carries the last value on to the horizon.
    day = min(case["tau"], times.max())
    [event] = cumulative_incidence(times, causes).at([day])
    [death] = cumulative_incidence(times, causes, cause=2).at([day])
    [naive] = kaplan_meier(times, causes == 1).at([day])
    assert near(event.estimate, case["aalen_johansen"]["ae_prob"])
    assert near(death.estimate, case["aalen_johansen"]["ce_prob"])
    assert near(1 - naive.estimate, case["one_minus_kaplan_meier"]["ae_prob"])
    assert near(naive.standard_error**2, case["one_minus_kaplan_meier"]["ae_prob_var"])


@pytest.mark.parametrize(("sex", "arm"), [("1", "arm0"), ("2", "arm1")])
def test_time_lost_without_competing_events_is_what_survrm2_leaves_of_the_horizon(sex, arm):
    wanted, chosen = SURVIVAL["rmst_lung_sex"], where(LUNG, sex=sex)
    found = restricted_mean_time_lost(column(chosen, "time"), column(chosen, "status") == 2, wanted["tau"])
    mean, error, lower, upper = wanted[arm]
    assert isinstance(found, TimeLost)
    assert near(wanted["tau"] - found.estimate, mean)
    assert near(found.standard_error, error)
    assert near(wanted["tau"] - found.upper, lower)
    assert near(wanted["tau"] - found.lower, upper)
