"""What admiral's own tests expect of partial dates."""

import json
from typing import Any

import polars as pl
import pytest

from pipelines.dates import bounds, end_of, start_of
from tests.shared import SHARED

Case = dict[str, Any]
CASES: list[Case] = json.loads((SHARED / "oracles/peers/admiral_date_imputation.json").read_text())["cases"]

# Rules of admiral that are not ours, and why. Everything else is held to, cell by cell.
NOT_OURS = {
    "impute_dtc_dtm Test 5": "preserve = TRUE keeps a part after a missing one; we use none",
    "impute_dtc_dtm Test 7": "the middle of a period; we take its start or its end",
    "derive_vars_dt Test 4": "preserve = TRUE, as above",
    "derive_vars_dt Test 5": "the middle of a period, as above",
    "compute_tmf Test 17": "a switch that leaves imputed seconds unflagged; we have one precision",
}
# Cells of shared cases: without a year there is nothing to impute from, and admiral takes the limit.
NO_YEAR = {None, "--07-18"}
# admiral flags a time written after a missing day; our precision stops at the missing day.
TIME_WITHOUT_DAY = "--T"

COARSEST = {"n": "D", "h": "D", "m": "h", "s": "m", "D": "M", "M": "Y", "Y": "Y"}
DATE_FLAG = {None: "Y", "Y": "M", "M": "D"}
TIME_FLAG = {"Y": "H", "M": "H", "D": "H", "h": "M", "m": "S"}


def is_ours(case: Case) -> bool:
    return case["test"].split(":")[0] not in NOT_OURS


def rows_of(case: Case) -> list[tuple[str | None, str | None]]:
    texts, expected = case["args"]["dtc"], case["expected"]
    return list(zip(texts, expected, strict=True)) if isinstance(texts, list) else [(texts, expected)]


OURS = [case for case in CASES if is_ours(case)]


def limits(case: Case, name: str, edge: str) -> list[pl.Series]:
    return [bounds(pl.Series(dates, dtype=pl.String))[edge] for dates in case["args"].get(name, [])]


def imputed(case: Case) -> list[str | None]:
    arguments = case["args"]
    allowed = bounds(pl.Series([text for text, _ in rows_of(case)], dtype=pl.String))
    how = arguments.get("date_imputation", arguments.get("time_imputation", "first")).lower()
    if how in ("last", "23:59:59"):
        moments = end_of(allowed, *limits(case, "max_dates", "last"))
    else:
        assert how in ("first", "01-01")
        moments = start_of(allowed, *limits(case, "min_dates", "first"))
    coarsest = COARSEST[arguments.get("highest_imputation", "h")]
    enough = [p is not None and "YMDhms".index(p) >= "YMDhms".index(coarsest) for p in allowed["precision"]]
    texts = pl.from_epoch(moments).dt.strftime("%Y-%m-%dT%H:%M:%S")
    return [text if known else None for text, known in zip(texts, enough, strict=True)]


def flagged(case: Case) -> list[str | None]:
    name, flags = ("dt", DATE_FLAG) if case["fn"] == "compute_dtf" else ("dtm", TIME_FLAG)
    precisions = bounds(pl.Series(case["args"]["dtc"]))["precision"]
    results = case["args"][name]
    return [result and flags.get(precision) for precision, result in zip(precisions, results, strict=True)]


def cells(case: Case) -> list[tuple[str | None, str | None, str | None]]:
    """What the text is, what admiral expects, what we say; in whole seconds or days."""
    flags = case["fn"].startswith("compute_")
    ours = flagged(case) if flags else imputed(case)
    width = 10 if case["fn"].endswith("_dt") else 19
    return [
        (text, expected and expected[:width], mine and mine[:width])
        for (text, expected), mine in zip(rows_of(case), ours, strict=True)
        if not (case["args"].get("highest_imputation") == "Y" and text in NO_YEAR)
        and not (case["fn"] == "compute_tmf" and TIME_WITHOUT_DAY in text)
    ]


@pytest.mark.parametrize("case", OURS, ids=lambda case: case["test"])
def test_partial_dates_become_what_admiral_makes_of_them(case):
    found = cells(case)
    assert [(text, mine) for text, _, mine in found] == [(text, expected) for text, expected, _ in found]


def test_no_case_and_no_cell_is_lost():
    held, given = sum(len(cells(case)) for case in OURS), sum(len(rows_of(case)) for case in OURS)
    assert (len(CASES), len(OURS), given, held) == (27, 22, 135, 126)


def test_every_rule_that_is_not_ours_is_one_of_admirals():
    assert {case["test"].split(":")[0] for case in CASES if not is_ours(case)} == NOT_OURS.keys()
