"""Reported ICANS, and the highest grade of each subject. The first dose is on 10 March 2026 at 08:00, and the data cut on 30 April."""

import pytest

from tests.syndromes import ICANS, assert_made


def test_a_reported_event_has_the_grade_the_investigator_gave():
    assert_made(
        "icans",
        """
        usubjid | grade | item    | value   | why_no_grade                           | age_group
        P1      |     3 | AETOXGR | Grade 3 |                                        |
        P2      |       | AETOXGR | SEVERE  | the grade is missing or cannot be read |
        P3      |       | AETOXGR |         | the grade is missing or cannot be read |
        P4      |     1 | AETOXGR | 1       |                                        |
        """,
        ae=f"""
            usubjid | aedecod       | aeterm | aetoxgr | aesev  | aeoccur
            P1      | {ICANS}       |        | Grade 3 |        |
            P2      | {ICANS}       |        | SEVERE  |        |
            P3      | {ICANS}       |        |         | SEVERE |
            P4      |               | icans  | 1       |        |
            P5      | {ICANS} NOS   |        | 2       |        |
            P6      | Neurotoxicity | ICANS  | 2       |        |
            P7      | {ICANS}       |        | 2       |        | N
        """,
    )


@pytest.mark.parametrize(
    ("name", "ae"),
    [
        ("by its outcome", "aetoxgr | aeout | aesdth\nP1 | 4 | FATAL |"),
        ("by seriousness", "aetoxgr | aeout | aesdth\nP1 | 4 | | Y"),
        ("by its grade", "aetoxgr | aeout | aesdth\nP1 | 5 | |"),
        ("though its grade cannot be read", "aetoxgr | aeout | aesdth\nP1 | SEVERE | FATAL |"),
    ],
)
def test_a_fatal_event_is_grade_5_reached_at_death(name, ae):
    header, row = ae.split("\n")
    assert_made(
        "icans_subject",
        """
        source   | grade | first_dtm           | max_grade_dtm       | max_grade_days
        reported |     5 | 2026-03-12 09:00:00 | 2026-03-15 00:00:00 |              5
        """,
        dm="usubjid | dthfl | dthdtc\nP1 | Y | 2026-03-15",
        ae=f"usubjid | {header}\n{row}",
    )


def test_icans_as_the_primary_cause_of_death_is_grade_5():
    assert_made(
        "icans",
        """
        usubjid | grade | item   | value | domain | dtm                 | prec
        P1      |     5 | PRCDTH | ICANS | DD     | 2026-03-15 00:00:00 | D
        P3      |     5 | PRCDTH | ICANS | DD     | 2026-04-30 23:59:59 | D
        """,
        dm="usubjid | dthfl | dthdtc\nP1 | Y | 2026-03-15\nP2 | Y | 2026-03-15\nP3 | Y |",
        ds="usubjid | dsdecod | dsstdtc\nP3 | LOST | 2026-04-30",
        dd="""
            usubjid | ddtestcd | ddorres
            P1      | PRCDTH   | ICANS
            P2      | SECDTH   | ICANS
            P3      | PRCDTH   | ICANS
        """,
    )


def test_a_daily_grade_in_fa_is_reported_too():
    assert_made(
        "icans",
        """
        source   | grade | item  | domain | dtm                 | end_dtm
        reported |     2 | TOXGR | FA     | 2026-03-12 00:00:00 | 2026-03-13 00:00:00
        """,
        fa=f"usubjid | fatestcd | faobj | fastresc | fadtc\nP1 | TOXGR | {ICANS} | 2 | 2026-03-12",
    )


def test_a_report_counts_from_the_first_dose_to_the_end_of_follow_up():
    assert_made(
        "icans",
        """
        usubjid | grade | value | why_no_grade
        P1      |     2 | 2     |
        P2      |       | 2     | before the first dose
        P3      |       | 2     | after the end of follow-up
        P4      |       | 2     | no date
        P5      |       | 2     | not treated
        """,
        ex="usubjid\nP1\nP2\nP3\nP4",
        dm="usubjid\nP1\nP2\nP3\nP4\nP5",
        ae="""
            usubjid | aetoxgr | aestdtc
            P1      |       2 | 2026-03-10
            P2      |       2 | 2026-03-09
            P3      |       2 | 2026-05-01
            P4      |       2 |
            P5      |       2 | 2026-03-12
        """,
    )


def test_reported_and_derived_stand_side_by_side():
    assert_made(
        "icans_subject",
        """
        usubjid | source   | grade | records | assessments | first_dtm           | onset_days | max_grade_dtm       | max_grade_days
        P1      | derived  |     3 |       2 |           3 | 2026-03-12 08:00:00 |          2 | 2026-03-13 20:00:00 |            3.5
        P1      | reported |     2 |       1 |             | 2026-03-12 00:00:00 |          2 | 2026-03-12 00:00:00 |              2
        P2      | derived  |     0 |       0 |           1 |                     |            |                     |
        P2      | reported |     0 |       0 |             |                     |            |                     |
        P3      | derived  |       |       0 |           0 |                     |            |                     |
        P3      | reported |       |       1 |             | 2026-03-12 00:00:00 |          2 |                     |
        P4      | derived  |       |       0 |           0 |                     |            |                     |
        P4      | reported |     0 |       0 |             |                     |            |                     |
        """,
        dm="usubjid\nP1\nP2\nP3\nP4",
        ft="""
            usubjid | fttestcd | ftorres | ftdtc
            P1      | ICETOT   | 10      | 2026-03-11T08:00
            P1      | ICETOT   | 8       | 2026-03-12T08:00
            P1      | ICETOT   | 1       | 2026-03-13T20:00
            P2      | ICETOT   | 10      | 2026-03-12T08:00
            P3      | ICETOT   | ND      | 2026-03-12T08:00
            P4      | ICETOT   | 5       | 2026-03-09
        """,
        ae="usubjid | aetoxgr | aestdtc\nP1 | 2 | 2026-03-12\nP3 | SEVERE | 2026-03-12\nP4 | 0 | 2026-03-12",
    )


def test_the_grade_is_the_highest_readable_one():
    assert_made(
        "icans_subject",
        """
        grade | records | first_dtm           | max_grade_dtm
            3 |       4 | 2026-03-11 00:00:00 | 2026-03-13 00:00:00
        """,
        ae="""
            usubjid | aetoxgr | aestdtc
            P1      | SEVERE  | 2026-03-11
            P1      | 1       | 2026-03-12
            P1      | 3       | 2026-03-13
            P1      | 3       | 2026-03-14
        """,
    )


def test_who_was_not_treated_has_no_highest_grade():
    assert_made(
        "icans_subject",
        "usubjid | source | grade\nP1 | reported | 2",
        ex="usubjid\nP1",
        dm="usubjid\nP1\nP2",
        ae="usubjid | aetoxgr\nP1 | 2\nP2 | 3",
    )


def test_without_items_there_are_no_derived_grades():
    assert_made("icans_subject", "usubjid | source | grade | records\nP1 | reported | 0 | 0", dm="usubjid\nP1")
