"""ICANS, drawn as tables. The first dose is on 10 March 2026 at 08:00, and the data cut on 30 April."""

import polars as pl
import pytest

from tests.harness import database, table
from tests.syndromes import assert_made


def assert_graded(text: str) -> None:
    """Each row is a subject with an age, one item and its grade."""
    drawn = table(text).with_columns(usubjid=pl.format("P{}", pl.int_range(10, pl.len() + 10)))
    wanted = drawn.select("usubjid", "grade")
    dm, ft = drawn.select("usubjid", "age"), drawn.select("usubjid", "fttest", "ftorres")
    assert_made("icans", wanted, dm=dm, ft=ft)


def test_every_row_of_the_table_for_subjects_of_12_years_or_more():
    assert_graded("""
        age | fttest                           | ftorres                                          | grade
        60  | ICE Total Score                  | 10                                               |     0
        60  | ICE Total Score                  | 9                                                |     1
        60  | ICE Total Score                  | 7                                                |     1
        60  | ICE Total Score                  | 6                                                |     2
        60  | ICE Total Score                  | 3                                                |     2
        60  | ICE Total Score                  | 2                                                |     3
        60  | ICE Total Score                  | 0                                                |     3
        60  | ICE Total Score                  | 0 (patient is unarousable and unable to perform ICE) | 4
        60  | Depressed level of consciousness | Awake                                            |     0
        60  | Depressed level of consciousness | Awakens spontaneously                            |     1
        60  | Depressed level of consciousness | Awakens to voice                                 |     2
        60  | Depressed level of consciousness | Awakens only to tactile stimulus                 |     3
        60  | Depressed level of consciousness | Stupor or coma                                   |     4
        60  | Seizure                          | None                                             |     0
        60  | Seizure                          | Any clinical seizure that resolves rapidly       |     3
        60  | Seizure                          | Life-threatening prolonged seizure (>5 min)      |     4
        60  | Seizure                          | Repetitive                                       |     4
        60  | Motor findings                   | None                                             |     0
        60  | Motor findings                   | Hemiparesis                                      |     4
        60  | Elevated ICP/cerebral edema      | None                                             |     0
        60  | Elevated ICP/cerebral edema      | Focal/local edema on neuroimaging                |     3
        60  | Elevated ICP/cerebral edema      | Diffuse cerebral edema on neuroimaging           |     4
        60  | Elevated ICP/cerebral edema      | Papilledema                                      |     4
    """)


def test_every_row_of_the_table_for_children():
    assert_graded("""
        age | fttest                           | ftorres                          | grade
        8   | CAPD Total Score                 | 0                                |     0
        8   | CAPD Total Score                 | 1                                |     1
        8   | CAPD Total Score                 | 8                                |     1
        8   | CAPD Total Score                 | 9                                |     3
        8   | CAPD Total Score                 | 32                               |     3
        8   | CAPD Total Score                 | Unable to perform CAPD           |     4
        8   | CAPD Total Score                 | Unarousable                      |     4
        8   | Depressed level of consciousness | Awakens spontaneously            |     1
        8   | Depressed level of consciousness | Awakens to voice                 |     2
        8   | Depressed level of consciousness | Awakens only to tactile stimulus |     3
        8   | Depressed level of consciousness | Unarousable                      |     4
        8   | Seizure                          | Brief                            |     3
        8   | Motor findings                   | Paraparesis                      |     4
        8   | Elevated ICP/cerebral edema      | Diffuse edema                    |     4
    """)


def test_ice_grades_from_12_years_on_and_capd_below_and_an_unknown_age_is_an_adults():
    assert_made(
        "icans",
        """
        usubjid | item | age_group | age_is_known | grade | why_no_grade
        P1      | CAPD | child     | true         |     1 |
        P2      | ICE  | child     | true         |       | ICE does not grade a child
        P3      | CAPD | adult     | true         |       | CAPD does not grade an adult
        P4      | ICE  | adult     | true         |     2 |
        P5      | ICE  | adult     | false        |     2 |
        """,
        dm="usubjid | age | ageu\nP1 | 11 | YEARS\nP2 | 143 | MONTHS\nP3 | 144 | MONTHS\nP4 | 12 | YEARS\nP5 | |",
        ft="""
            usubjid | fttestcd | ftorres
            P1      | CAPDTOT  | 5
            P2      | ICETOT   | 5
            P3      | CAPDTOT  | 5
            P4      | ICETOT   | 5
            P5      | ICETOT   | 5
        """,
    )


def test_the_most_severe_item_of_one_moment_counts():
    assert_made(
        "icans",
        """
        usubjid | dtm                 | grade | item          | value            | rule_id             | seq
        P1      | 2026-03-12 09:00:00 |     3 | SEIZURE       | Brief            | icans.3.seizure     |   2
        P1      | 2026-03-12 10:00:00 |     1 | ICE           | 8                | icans.1.ice         |   3
        P1      | 2026-03-12 11:00:00 |     2 | CONSCIOUSNESS | Awakens to voice | icans.2.consciousness | 5
        """,
        ft="""
            usubjid | ftseq | fttest                           | ftorres          | ftdtc
            P1      |     1 | ICE Score                        | 7                | 2026-03-12T09:00
            P1      |     2 | Seizure                          | Brief            | 2026-03-12T09:00
            P1      |     3 | ICE Score                        | 8                | 2026-03-12T10:00
            P1      |     4 | ICE Score                        | 8                | 2026-03-12T11:00
            P1      |     5 | Depressed level of consciousness | Awakens to voice | 2026-03-12T11:00
        """,
    )


def test_an_ice_of_0_is_grade_3_in_who_is_awake_and_4_in_who_cannot_be_roused():
    assert_made(
        "icans",
        "usubjid | grade\nP1 | 3\nP2 | 4",
        ft="""
            usubjid | fttest                 | ftorres
            P1      | ICE Score              | 0
            P1      | Level of consciousness | Awake
            P2      | ICE Score              | 0
            P2      | Level of consciousness | Unarousable
        """,
    )


def test_awakening_spontaneously_is_grade_1_only_without_a_normal_score():
    assert_made(
        "icans",
        "usubjid | grade\nP1 | 0\nP2 | 1\nP3 | 0\nP4 | 1",
        dm="usubjid | age\nP1 | 60\nP2 | 60\nP3 | 8\nP4 | 8",
        ft="""
            usubjid | fttest                 | ftorres
            P1      | ICE Score              | 10
            P1      | Level of consciousness | Awakens spontaneously
            P2      | ICE Score              | 9
            P2      | Level of consciousness | Awakens spontaneously
            P3      | CAPD Score             | 0
            P3      | Level of consciousness | Awakens spontaneously
            P4      | CAPD Score             | 3
            P4      | Level of consciousness | Awakens spontaneously
        """,
    )


def test_only_from_the_first_dose_to_the_end_of_follow_up():
    assert_made(
        "icans",
        """
        usubjid | dtm                 | grade | why_no_grade
        P1      | 2026-03-09 00:00:00 |       | before the first dose
        P1      | 2026-03-10 07:59:00 |       | before the first dose
        P1      | 2026-03-10 08:00:00 |     2 |
        P1      | 2026-04-30 00:00:00 |     2 |
        P1      | 2026-05-01 00:00:00 |       | after the end of follow-up
        P1      |                     |       | no date
        P2      | 2026-03-10 08:00:00 |     2 |
        P2      | 2026-03-20 23:00:00 |     2 |
        P2      | 2026-03-21 00:00:00 |       | after the end of follow-up
        P3      | 2026-03-12 09:00:00 |     2 |
        P3      | 2026-03-12 09:01:00 |       | after the end of follow-up
        P4      | 2026-03-12 09:00:00 |       | not treated
        """,
        ex="usubjid\nP1\nP2\nP3",
        dm="usubjid | dthfl | dthdtc\nP1 | |\nP2 | Y | 2026-03-20\nP3 | Y | 2026-03-12T09:00\nP4 | |",
        ft="""
            usubjid | fttestcd | ftorres | ftdtc
            P1      | ICETOT   | 5       | 2026-03-09
            P1      | ICETOT   | 5       | 2026-03-10T07:59
            P1      | ICETOT   | 5       | 2026-03-10T08:00
            P1      | ICETOT   | 5       | 2026-04-30
            P1      | ICETOT   | 5       | 2026-05-01
            P1      | ICETOT   | 5       |
            P2      | ICETOT   | 5       | 2026-03-10
            P2      | ICETOT   | 5       | 2026-03-20T23:00
            P2      | ICETOT   | 5       | 2026-03-21
            P3      | ICETOT   | 5       | 2026-03-12T09:00
            P3      | ICETOT   | 5       | 2026-03-12T09:01
            P4      | ICETOT   | 5       | 2026-03-12T09:00
        """,
    )


@pytest.mark.parametrize(
    ("named", "known"),
    [
        ("select item from reference.icans_rules", "select item from reference.icans_items"),
        ("select item from reference.icans_parts", "select item from reference.icans_items"),
        (
            "select item, result from reference.icans_rules where result is not null",
            "select item, result from reference.icans_results",
        ),
        ("select item, result from reference.icans_results", "select item, result from reference.icans_rules"),
        (
            "select age_group from reference.icans_rules where age_group <> 'any'",
            "select age_group from reference.icans_age_groups",
        ),
    ],
)
def test_every_rule_can_be_reached(named, known):
    with database() as db:
        assert db.execute(f"{named} except {known}").fetchall() == []
