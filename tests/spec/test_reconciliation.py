"""Reported against derived grades, and scale against scale, from the highest grades of each subject."""

import pytest
from polars.testing import assert_frame_equal

from tests.harness import run, table

SCALES = "studyid | scale | position\nS1 | ASTCT 2019 | 1\nS1 | Penn 2018 | 2\nS1 | CTCAE 4.03 | 3"
HEADER = "studyid | usubjid | source | scale | grade | grade_min | grade_max | episodes | onset_days | is_assessable"
# What one grading says of P1: highest grade, lowest and highest compatible, episodes, whether it could be assessed.
NO_CRS = "0 | 0 | 0 | 0 | | true"
GRADE_2 = "2 | 2 | 2 | 1 | 3.5 | true"
GRADE_3 = "3 | 3 | 3 | 1 | 4.5 | true"
GRADE_2_OR_3 = "3 | 2 | 3 | 1 | 4.5 | true"
NO_GRADE = " | 1 | 4 | 1 | 5.5 | true"
NOT_ASSESSABLE = "0 | 0 | 0 | 0 | | false"


def gradings(**said):
    """The rows of P1: what each grading says of it."""
    names = {"reported": "reported | Lee 2014", "derived": "derived | ASTCT 2019"}
    # Cells of one column must be of one kind, and a grading without a single grade would make text of them.
    filler = ["S1 | P0 | reported | Lee 2014 | 1 | 1 | 1 | 1 | 0.5 | true"]
    rows = filler + [f"S1 | P1 | {names[name]} | {says}" for name, says in said.items()]
    return table("\n".join([HEADER, *rows]))


def discordances(**said):
    return run(
        "analysis.grade_pairs",
        "analysis.discordances",
        analysis__adcrs_subject=gradings(**said),
        study__scales=SCALES,
    )


@pytest.mark.parametrize(
    ("reported", "derived", "kind"),
    [
        (NO_CRS, NO_CRS, None),
        (NO_CRS, GRADE_2, "derived only"),
        (NO_CRS, NO_GRADE, "derived only"),
        (NO_CRS, NOT_ASSESSABLE, None),
        (GRADE_2, NO_CRS, "reported only"),
        (GRADE_2, GRADE_2, None),
        (GRADE_2, GRADE_3, "derived higher"),
        (GRADE_3, GRADE_2, "reported higher"),
        (GRADE_3, GRADE_2_OR_3, None),
        (GRADE_2, NO_GRADE, "no rule on the scale"),
        (GRADE_2, NOT_ASSESSABLE, "not assessable"),
        (NO_GRADE, NO_CRS, "reported only"),
        (NO_GRADE, GRADE_2, "no reported grade"),
        (NO_GRADE, NO_GRADE, None),
        (NO_GRADE, NOT_ASSESSABLE, "not assessable"),
    ],
)
def test_each_way_to_differ_is_a_kind_of_discordance(reported, derived, kind):
    found = discordances(reported=reported, derived=derived)
    assert found["kind"].to_list() == ([] if kind is None else [kind])
    assert found["finding"].null_count() == 0


def test_a_discordance_has_both_grades_their_onsets_and_their_difference():
    expected = table("""
        usubjid | scale      | reported_scale | reported_grade | derived_grade | difference | reported_onset_days | derived_onset_days
        P1      | ASTCT 2019 | Lee 2014       | 2              | 3             | -1         | 3.5                 | 4.5
    """)
    found = discordances(reported=GRADE_2, derived=GRADE_3).select(expected.columns)
    assert_frame_equal(found, expected, check_dtypes=False)


@pytest.mark.parametrize(
    ("reported", "derived", "explained"),
    [
        (GRADE_2, GRADE_3, False),
        (GRADE_2, GRADE_2_OR_3, True),
        (GRADE_2, NO_CRS, False),
        (NO_GRADE, GRADE_3, True),
        (NO_GRADE, NO_CRS, False),
        (GRADE_2, NO_GRADE, True),
        (GRADE_2, NOT_ASSESSABLE, None),
    ],
)
def test_a_discordance_is_explained_by_uncertainty_when_one_grade_fits_both(reported, derived, explained):
    assert discordances(reported=reported, derived=derived)["is_explained_by_uncertainty"].to_list() == [explained]


def test_reported_grades_meet_every_scale_and_the_first_scale_meets_the_others():
    drawn = f"""
        {HEADER}
        S1 | P1 | reported | Lee 2014   | 2 | 2 | 2 | 1 | 3 | true
        S1 | P1 | derived  | ASTCT 2019 | 2 | 2 | 3 | 1 | 3 | true
        S1 | P1 | derived  | Penn 2018  | 3 | 3 | 3 | 1 | 3 | true
        S1 | P1 | derived  | CTCAE 4.03 |   | 1 | 4 | 1 | 3 | true
    """
    expected = table("""
        pair                                            | first_grade | second_grade | is_discordant | is_explained_by_uncertainty
        reported (Lee 2014) and derived (ASTCT 2019)    | 2           | 2            | false         | false
        reported (Lee 2014) and derived (Penn 2018)     | 2           | 3            | true          | false
        reported (Lee 2014) and derived (CTCAE 4.03)    | 2           |              | true          | true
        derived (ASTCT 2019) and derived (Penn 2018)    | 2           | 3            | true          | true
        derived (ASTCT 2019) and derived (CTCAE 4.03)   | 2           |              | true          | true
    """)
    found = run("analysis.grade_pairs", analysis__adcrs_subject=drawn, study__scales=SCALES).sort("position")
    assert_frame_equal(found.select(expected.columns), expected, check_dtypes=False)


def test_who_could_not_be_assessed_has_no_grade_rather_than_no_crs():
    expected = table("""
        usubjid | first_grade | second_grade | second_max | second_answer
        P1      | 0           |              |            | not assessable
        P2      | 0           | 0            | 0          | no CRS
    """)
    drawn = f"""
        {HEADER}
        S1 | P1 | reported | Lee 2014   | 0 | 0 | 0 | 0 | | true
        S1 | P1 | derived  | ASTCT 2019 | 0 | 0 | 0 | 0 | | false
        S1 | P2 | reported | Lee 2014   | 0 | 0 | 0 | 0 | | true
        S1 | P2 | derived  | ASTCT 2019 | 0 | 0 | 0 | 0 | | true
    """
    found = run("analysis.grade_pairs", analysis__adcrs_subject=drawn, study__scales=SCALES)
    assert_frame_equal(found.select(expected.columns), expected, check_dtypes=False)


@pytest.mark.parametrize("only", ["reported", "derived"])
def test_a_study_with_one_source_has_no_discordances(only):
    assert discordances(**{only: GRADE_2}).height == 0
