"""What was done to prevent CRS, from tables drawn in text."""

import pytest

from tests.harness import run

ADSL = """
    studyid | usubjid | saffl | premedfl | dose_level | doses
    S1      | P1      | Y     | Y        | DL1        | 2
    S1      | P2      | Y     | N        | DL2        | 1
    S1      | P3      | Y     | N        | Missing    | 2
    S1      | P4      | N     | N        | Missing    | 0
"""
DOSES = """
    studyid | usubjid | dose_number | start_s | amount_as_given | unit_as_given
    S1      | P1      | 1           | 200000  | 1               | mg
    S1      | P1      | 2           | 300000  | 10              | mg
    S1      | P2      | 1           | 200000  | 5               | mg
    S1      | P3      | 1           | 200000  | 5               | mg
    S1      | P3      | 2           | 300000  | 5               | vials
"""
AMOUNTS = """
    studyid | usubjid | dose_number | amount
    S1      | P1      | 1           | 1
    S1      | P1      | 2           | 10
    S1      | P2      | 1           | 5
    S1      | P3      | 1           | 5
    S1      | P3      | 2           |
"""
MEDICATIONS = """
    studyid | usubjid | drug_class     | waives_fever | start_s | start_last_s
    S1      | P1      | antipyretic    | true         | 190000  | 190000
    S1      | P1      | corticosteroid | true         | 100000  | 100000
    S1      | P2      | antipyretic    | true         | 290000  | 290000
    S1      | P2      | anticytokine   | true         | 172800  | 259199
    S1      | P3      | corticosteroid | false        | 190000  | 190000
"""
KINDS = ("antipyretic", "corticosteroid", "anticytokine")


def told(measure, *, dose_by="level", medications=MEDICATIONS, doses=DOSES):
    """Whether each subject had the measure."""
    found = run(
        "analysis.prevention",
        analysis__adsl=ADSL,
        study__parameters=f"studyid | dose_by | premedication_window_s\nS1 | {dose_by} | 86400",
        study__dose_levels="studyid | dose_level | position\nS1 | DL1 | 1\nS1 | DL2 | 2",
        staged__doses=doses,
        staged__dose_levels=AMOUNTS,
        staged__medications=medications,
    )
    return {row["usubjid"]: row["is_exposed"] for row in found.to_dicts() if row["measure"] == measure}


def test_premedication_is_that_of_adsl_and_subjects_without_a_dose_are_not_asked():
    assert told("premedication") == {"P1": True, "P2": False, "P3": False}


def test_a_drug_counts_within_the_window_before_the_first_dose():
    assert told("premedication with antipyretic") == {"P1": True, "P2": False, "P3": False}


def test_a_drug_before_the_window_or_given_locally_does_not_count():
    assert told("premedication with corticosteroid") == {"P1": False, "P2": False, "P3": False}


def test_a_drug_dated_only_by_the_day_of_the_dose_counts():
    assert told("premedication with anticytokine") == {"P1": False, "P2": True, "P3": False}


@pytest.mark.parametrize("measure", ["premedication", *(f"premedication with {kind}" for kind in KINDS)])
def test_without_medications_in_a_study_premedication_cannot_be_told(measure):
    nothing = MEDICATIONS.replace("S1 ", "S2 ")
    assert told(measure, medications=nothing) == {"P1": None, "P2": None, "P3": None}


def test_a_dose_is_lower_than_the_highest_level_and_unknown_without_a_level():
    assert told("lower dose") == {"P1": True, "P2": False, "P3": None}


def test_with_step_up_dosing_no_dose_is_lower():
    assert told("lower dose", dose_by="dose_number") == {"P1": None, "P2": None, "P3": None}


def test_a_larger_second_dose_is_a_step_and_doses_in_two_units_cannot_be_told():
    assert told("step-up") == {"P1": True, "P2": False, "P3": None}


def test_who_stopped_after_the_first_step_had_no_full_first_dose():
    assert told("step-up", dose_by="dose_number") == {"P1": True, "P2": None, "P3": None}


def test_doses_outside_the_unit_of_the_levels_are_compared_as_given():
    assert told("step-up", doses=DOSES.replace("vials", "mg"))["P3"] is False
