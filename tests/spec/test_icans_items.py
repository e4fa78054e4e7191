"""The records that ICANS is graded by, drawn as tables: the parts of ICE, codes, and what cannot be read."""

import pytest

from tests.syndromes import assert_made, built


@pytest.mark.parametrize(
    ("name", "parts", "expected"),
    [
        ("all five are summed", "3 | 3 | 0 | 1 | 0", "2 | ICE | 7 | icans.1.ice | 1 |"),
        ("to a full score", "4 | 3 | 1 | 1 | 1", "2 | ICE | 10 | icans.0.ice | 0 |"),
        ("one is missing", "4 | 3 | 1 | 1 |", "2 | ICE | | | | a part of ICE is missing or cannot be read"),
        ("one is out of its range", "5 | 3 | 1 | 1 | 1", "2 | ICE | | | | a part of ICE is missing or cannot be read"),
        ("one is no whole number", "3.5 | 3 | 1 | 1 | 1", "2 | ICE | | | | a part of ICE is missing or cannot be read"),
        ("one is a text", "4 | 3 | 1 | 1 | yes", "2 | ICE | | | | a part of ICE is missing or cannot be read"),
    ],
)
def test_the_parts_of_ice(name, parts, expected):
    orientation, naming, commands, writing, attention = (part.strip() for part in parts.split("|"))
    assert_made(
        "icans",
        f"seq | item | value | rule_id | grade | why_no_grade\n{expected}",
        ft=f"""
            usubjid | ftseq | fttestcd | ftorres
            P1      |     1 | ICENAM   | {naming}
            P1      |     2 | ICEORI   | {orientation}
            P1      |     3 | ICECOM   | {commands}
            P1      |     4 | ICEWRI   | {writing}
            P1      |     5 | ICEATT   | {attention}
        """,
    )


PARTS = """
    P1 | 1 | ICEORI | 4
    P1 | 2 | ICENAM | 3
    P1 | 3 | ICECOM | 1
    P1 | 4 | ICEWRI | 1
"""


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("a total goes before its parts", "P1 | 5 | ICEATT | 0\nP1 | 6 | ICETOT | 6", "6 | 6 | 2 | 0"),
        ("a total goes before parts that lack one", "P1 | 6 | ICETOT | 6", "6 | 6 | 2 | 0"),
        ("not one that cannot be read", "P1 | 5 | ICEATT | 0\nP1 | 6 | ICETOT | ND", "1 | 9 | 1 | 1"),
        ("of a part recorded twice the lower counts", "P1 | 5 | ICEATT | 1\nP1 | 6 | ICEORI | 1", "1 | 7 | 1 | 0"),
    ],
)
def test_the_parts_of_ice_beside_other_records(name, more, expected):
    assert_made(
        "icans",
        f"seq | value | grade | items_without_grade\n{expected}",
        ft=f"usubjid | ftseq | fttestcd | ftorres\n{PARTS}\n{more}",
    )


def test_parts_of_different_moments_are_not_one_score():
    with built(
        "icans",
        ft="usubjid | fttestcd | ftorres | ftdtc\n"
        "P1 | ICEORI | 4 | 2026-03-12T09:00\nP1 | ICENAM | 3 | 2026-03-12T10:00\nP1 | ICECOM | 1 | 2026-03-12T10:00\n"
        "P1 | ICEWRI | 1 | 2026-03-12T10:00\nP1 | ICEATT | 1 | 2026-03-12T10:00",
    ) as db:
        assert db.execute("select grade from analysis.icans").fetchall() == [(None,), (None,)]


@pytest.mark.parametrize(
    ("test", "result"),
    [
        ("ICE Score", "ND"),
        ("ICE Score", "11"),
        ("ICE Score", "-1"),
        ("ICE Score", "6.5"),
        ("ICE Score", "nan"),
        ("ICE Score", ""),
        ("Level of consciousness", "2"),
        ("Seizure", "Yes"),
        ("Motor findings", "Weakness"),
        ("Elevated ICP/cerebral edema", "Present"),
    ],
)
def test_what_cannot_be_read_has_no_grade_but_a_reason(test, result):
    assert_made(
        "icans",
        "grade | why_no_grade | items_without_grade\n | the result cannot be read | 1",
        ft=f"usubjid | fttest | ftorres\nP1 | {test} | {result}",
    )


def test_an_item_that_cannot_be_read_does_not_hide_another():
    assert_made(
        "icans",
        "grade | item | why_no_grade | items_without_grade\n1 | ICE | | 1",
        ft="usubjid | fttest | ftorres\nP1 | ICE Score | 8\nP1 | Seizure | Yes",
    )


def test_an_item_may_be_in_qs_ft_or_fa_by_code_or_by_name():
    assert_made(
        "icans",
        """
        usubjid | domain | grade | file
        P1      | QS     |     1 | qs.xpt
        P2      | FT     |     2 | ft.xpt
        P3      | FA     |     3 | fa.xpt
        """,
        qs="usubjid | qstestcd | qsstresc | qsstresn\nP1 | ICETOT | 8 | 8",
        ft="usubjid | fttestcd | fttest | ftorres\nP2 | X1 | ice score | 5",
        fa="usubjid | fatestcd | fastresc\nP3 | ICANSLOC | Awakens only to tactile stimulus",
    )


def test_a_result_is_read_as_collected_where_its_standard_form_is_a_code():
    assert_made(
        "icans",
        "grade | value\n2 | L2",
        qs="usubjid | qstestcd | qsstresc | qsorres\nP1 | ICANSLOC | L2 | Awakens to voice",
    )


def test_what_was_not_done_or_is_no_item_is_no_assessment():
    assert_made(
        "icans",
        "usubjid | grade\nP1 | 1",
        ft="""
            usubjid | fttestcd | ftorres | ftstat
            P1      | ICETOT   | 8       |
            P2      | ICETOT   |         | NOT DONE
            P3      | NOTICE   | 0       |
            P4      | ICETOT1  | 0       |
        """,
    )


def test_a_study_adds_its_own_codes_which_go_before_the_known_ones():
    assert_made(
        "icans",
        """
        usubjid | item | grade
        P1      | ICE  |     1
        P2      | ICE  |     1
        P3      | ICE  |     1
        """,
        mappings="""
            studyid | concept | key | value
            S1      | icans   | ICE | NTX1
            S1      | icans   | ICE | CAPD
            S2      | icans   | ICE | SEIZURE
        """,
        ft="usubjid | fttestcd | ftorres\nP1 | ntx1 | 8\nP2 | CAPD | 8\nP3 | ICE | 8",
    )


def test_a_functional_test_is_a_contact():
    with built("icans", ft="usubjid | fttestcd | ftorres | ftdtc\nP1 | WALK6M | 400 | 2026-04-02") as db:
        seen = db.execute(
            "select make_timestamp(last_contact_end_s * 1000000)::varchar from staged.contacts"
        ).fetchall()
    assert seen == [("2026-04-03 00:00:00",)]
