"""Baseline covariates, from tables drawn in text; the first dose is on day 10 at 12:00."""

import polars as pl
import pytest

from pipelines.models import read_models
from pipelines.warehouse import build, frame
from tests.harness import database, insert, table
from tests.lines import empty_raw
from tests.received import received
from tests.shared import ROOT

[MODEL] = [model for model in read_models(ROOT / "sql") if model.name == "analysis.baseline"]
NOON = 10 * 86400 + 43200
LABS = """
    usubjid | testcd   | value | hour | taken_precision | lbseq
    P1      | LDH      | 300   | -48  | m               | 1
    P1      | LDH      | 200   | -1   | m               | 2
    P1      | LDH      | 900   | 1    | m               | 3
    P1      | CRP      | 40    | -12  | D               | 4
    P1      | PLAT     | 100   | -12  | D               | 5
    P1      | CREAT    | 1.5   | 0    | m               | 6
    P1      | FERRITIN |       | -1   | m               | 7
    P2      | LDH      | 250   | -12  | D               | 8
    P2      | PLAT     | 0     | -1   | m               | 9
    P2      | CREAT    | 1     | -1   | m               | 10
"""
STATES = {
    "rs": "usubjid | rstestcd | rsstresn | rsdtc\nP1 | ECOG101 | 2 | 1970-01-05\nP1 | ECOG101 | 1 | 1970-01-11\nP1 | ECOG101 | 0 | 1970-01-13\nP2 | KPS | 90 | 1970-01-05",
    "qs": "usubjid | qstestcd | qsstresn | qsdtc\nP2 | PS01 | 3 | 1970-01-05",
}
SUPP = "studyid | rdomain | usubjid | qnam | qval\nS1 | DM | P1 | PRLINES | 3\nS1 | DM | P2 | PRLINES | many\nS1 | AE | P2 | PRLINES | 9"


def baseline(mappings="studyid | concept | key | value"):
    labs = table(LABS).with_columns(studyid=pl.lit("S1"), taken_s=pl.col("hour") * 3600 + NOON)
    with database(
        study__studies="studyid | position\nS1 | 1",
        study__mappings=mappings,
        raw__supp=SUPP,
        staged__subjects=f"studyid | usubjid | anchor_s\nS1 | P1 | {NOON}\nS1 | P2 | {NOON}",
        staged__biomarkers=labs,
        analysis__adsl="studyid | usubjid | therapy | dose_level | tumour_burden | tumour_burden_level | age | sex | indication | premedfl | saffl\nS1 | P1 | A | DL1 | 10 | Low | 60 | F | X | Y | Y\nS1 | P2 | A | DL1 | | Missing | 61 | U | X | N | Y\nS1 | P3 | A | DL1 | | Missing | 61 | M | X | N | N",
    ) as db:
        empty_raw(db)
        for domain, rows in STATES.items():
            insert(db, f"raw.{domain}", received(domain.upper(), table(rows).with_columns(studyid=pl.lit("S1"))))
        build(db, MODEL)
        return {row["usubjid"]: row for row in frame(db, "select * from analysis.baseline").to_dicts()}


def test_the_last_result_not_after_the_first_dose_counts():
    found = baseline()["P1"]
    assert (found["ldh"], found["crp"], found["creatinine"], found["ferritin"]) == (200, 40, 1.5, None)


def test_a_result_dated_only_by_the_day_of_the_first_dose_counts():
    assert baseline()["P2"]["ldh"] == 250


def test_easix_has_creatinine_and_m_easix_crp_in_mg_dl():
    found = baseline()["P1"]
    assert (found["easix"], found["m_easix"]) == (pytest.approx(200 * 1.5 / 100), pytest.approx(200 * 4 / 100))


def test_without_platelets_there_is_no_index():
    assert baseline()["P2"]["easix"] is None


def test_performance_status_and_prior_lines_are_found_where_they_usually_are():
    found = baseline()
    assert [(row["ecog"], row["prior_lines"]) for row in (found["P1"], found["P2"])] == [(1, 3), (None, None)]


def test_what_study_yaml_names_goes_before_the_usual_places():
    found = baseline("studyid | concept | key | value\nS1 | covariates | ecog | QS.PS01")
    assert [row["ecog"] for row in (found["P1"], found["P2"])] == [None, 3]


def test_only_treated_subjects_have_a_row_and_an_unknown_sex_is_empty():
    found = baseline()
    assert sorted(found) == ["P1", "P2"]
    assert [found[name]["sex"] for name in ("P1", "P2")] == ["F", None]
