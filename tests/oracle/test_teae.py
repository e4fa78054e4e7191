"""What admiral's own tests, and PHUSE's paper, expect of the treatment-emergent flag."""

import json
from typing import Any

import polars as pl
import pytest

from tests.harness import run
from tests.received import received
from tests.shared import SHARED

Case = dict[str, Any]
CASES: list[Case] = json.loads((SHARED / "oracles/peers/admiral_teae.json").read_text())["cases"]
STUDY = {"studyid": "S1"}


def parameters(arguments: dict[str, str]) -> dict[str, Any]:
    days = arguments.get("end_window")
    return {
        "teae_end_window_s": None if days is None else int(days) * 86400,
        "teae_worsening": next(
            (how for how, by in {"group": "group_var", "initial": "initial_intensity"}.items() if by in arguments),
            "none",
        ),
        "teae_ignore_time": arguments.get("ignore_time_for_trt_end") != "FALSE",
    }


def subjects(rows: pl.DataFrame) -> pl.DataFrame:
    treated = rows.select("USUBJID", "TRTSDTM", "TRTEDTM").unique()
    moments = {"anchor_s": "TRTSDTM", "last_dose_s": "TRTSDTM", "last_dose_end_s": "TRTEDTM"}
    seconds = [pl.col(text).str.to_datetime().dt.epoch("s").alias(name) for name, text in moments.items()]
    return treated.select(pl.lit("S1").alias("studyid"), pl.col("USUBJID").alias("usubjid"), *seconds)


def flags(case: Case) -> list[str | None]:
    rows = pl.DataFrame(case["rows"], infer_schema_length=None)
    events = rows.rename({"ASTDTM": "AESTDTC", "AENDTM": "AEENDTC"}).with_columns(STUDYID=pl.lit("S1"))
    found = run(
        "staged.adverse_events",
        "staged.treatment_emergence",
        raw__ae=received("AE", events),
        staged__subjects=subjects(rows),
        study__parameters=pl.DataFrame([STUDY | parameters(case["args"])]),
    )
    return found.sort("_row")["trtemfl"].to_list()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["test"])
def test_the_flag_is_what_admiral_expects(case):
    flag = case["args"].get("new_var", "TRTEMFL")
    assert flags(case) == [row[flag] for row in case["rows"]]


def test_no_case_and_no_row_is_lost():
    assert (len(CASES), sum(len(case["rows"]) for case in CASES)) == (6, 108)
