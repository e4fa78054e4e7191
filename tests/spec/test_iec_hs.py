"""IEC-HS as reported, with its laboratory results. The first dose is on 10 March 2026 at 08:00, and the data cut on 30 April."""

import pytest

from tests.syndromes import IEC_HS, assert_made, built

EVENT = f"usubjid | aedecod | aestdtc | aeendtc\nP1 | {IEC_HS} | 2026-03-20 | 2026-03-25"


def test_each_reported_event_is_a_row():
    assert_made(
        "iec_hs",
        """
        usubjid | event | grade | astdtm              | astprec | aendtm              | aenprec | onset_days | outcome  | seq
        P1      |     1 |     3 | 2026-03-20 00:00:00 | D       | 2026-03-26 00:00:00 | D       |         10 | resolved |  11
        P1      |     2 |       | 2026-04-02 08:00:00 | s       |                     |         |         23 | ongoing  |  10
        P2      |     1 |     5 | 2026-03-20 00:00:00 | D       |                     |         |         10 | fatal    |  12
        """,
        ae=f"""
            usubjid | aeseq | aedecod  | aetoxgr | aestdtc             | aeendtc    | aeout
            P1      |    10 | {IEC_HS} | SEVERE  | 2026-04-02T08:00:00 |            | NOT RECOVERED/NOT RESOLVED
            P1      |    11 | {IEC_HS} | 3       | 2026-03-20          | 2026-03-25 | RECOVERED/RESOLVED
            P2      |    12 | {IEC_HS} | 4       | 2026-03-20          |            | FATAL
            P3      |    13 | Haemophagocytic lymphohistiocytosis | 4 | 2026-03-20 | | FATAL
        """,
    )


@pytest.mark.parametrize(
    "term",
    [
        "Immune effector cell-associated hemophagocytic lymphohistiocytosis-like syndrome",
        "Immune effector cell associated hemophagocytic lymphohistiocytosis-like syndrome",
        "Immune Effector Cell-associated HLH-like syndrome",
        " iec-hs ",
    ],
)
def test_the_term_has_several_spellings(term):
    assert_made(
        "iec_hs",
        f"term | grade\n{term.strip().upper()} | 2",
        ae=f"usubjid | aedecod | aetoxgr\nP1 | {term} | 2",
    )


def test_an_event_before_the_first_dose_has_a_reason_and_no_grade():
    assert_made(
        "iec_hs",
        "grade | why_no_grade\n | before the first dose",
        ae=f"usubjid | aedecod | aetoxgr | aestdtc\nP1 | {IEC_HS} | 3 | 2026-03-09",
    )


def test_results_from_a_week_before_the_start_to_the_end_stand_beside_it():
    assert_made(
        "iec_hs_labs",
        """
        event | seq | taken_dtm           | day
            1 |   2 | 2026-03-13 00:00:00 |  -7
            1 |   3 | 2026-03-20 10:00:00 |   0
            1 |   4 | 2026-03-25 23:59:00 |   5
        """,
        ae=EVENT,
        lb="""
            usubjid | lbseq | lbtestcd | lbstresn | lbdtc
            P1      |     1 | FERRITIN |     1000 | 2026-03-12T23:59
            P1      |     2 | FERRITIN |     1000 | 2026-03-13
            P1      |     3 | FERRITIN |     1000 | 2026-03-20T10:00
            P1      |     4 | FERRITIN |     1000 | 2026-03-25T23:59
            P1      |     5 | FERRITIN |     1000 | 2026-03-26
            P1      |     6 | FERRITIN |     1000 |
            P1      |     7 | CRP      |     1000 | 2026-03-20
            P2      |     8 | FERRITIN |     1000 | 2026-03-20
        """,
    )


def test_results_of_an_event_without_an_end_go_on_to_the_end_of_follow_up():
    assert_made(
        "iec_hs_labs",
        "seq | day\n1 | 21\n2 | 41",
        ae=f"usubjid | aedecod | aestdtc\nP1 | {IEC_HS} | 2026-03-20",
        lb="""
            usubjid | lbseq | lbtestcd | lbstresn | lbdtc
            P1      |     1 | ALT      |       20 | 2026-04-10
            P1      |     2 | ALT      |       20 | 2026-04-30
            P1      |     3 | ALT      |       20 | 2026-05-01
        """,
    )


def test_a_result_has_its_unit_and_its_multiple_of_the_upper_limit():
    assert_made(
        "iec_hs_labs",
        """
        seq | lbtestcd | value | censored | unit  | upper_limit | times_upper_limit
          1 | ALT      |   200 |          | U/L   |          40 |                 5
          2 | AST      |   120 |          | U/L   |          30 |                 4
          3 | FERRITIN | 16500 | >        | ug/L  |         300 |                55
          4 | FIBRINO  |     1 |          | g/L   |             |
          5 | FIBRINO  |       |          | g/L   |           4 |
        """,
        ae=EVENT,
        lb="""
            usubjid | lbseq | lbtestcd | lbstresc  | lbstresn | lbstresu | lbstnrhi | lborres | lborresu | lbornrhi | lbdtc      | lbstat
            P1      |     1 | ALT      | 200       |      200 | U/L      |       40 | 3.3     | ukat/L   | 0.7      | 2026-03-20 |
            P1      |     2 | AST      |           |          |          |          | 120     | U/L      | 30       | 2026-03-20 |
            P1      |     3 | FERRITIN | >16500    |          | ug/L     |      300 | >16500  | ng/mL    | 300      | 2026-03-20 |
            P1      |     4 | FIBRINO  | 1         |        1 | g/L      |          | 1       | g/L      |          | 2026-03-20 |
            P1      |     5 | FIBRINO  | HAEMOLYSED |         | g/L      |        4 |         |          |          | 2026-03-20 |
            P1      |     6 | FIBRINO  |           |          |          |          |         |          |          | 2026-03-20 | NOT DONE
        """,
    )


def test_the_nearest_and_the_worst_result_of_each_test_are_marked():
    assert_made(
        "iec_hs_labs",
        """
        seq | is_nearest | is_worst
          1 | false      | false
          2 | true       | false
          3 | false      | true
          4 | false      | false
          5 | false      | true
          6 | true       | false
          7 | false      | false
        """,
        ae=EVENT,
        lb="""
            usubjid | lbseq | lbtestcd | lbstresn | lbstresu | lbdtc
            P1      |     1 | FERRITIN |     2000 | ug/L     | 2026-03-14
            P1      |     2 | FERRITIN |     9000 | ug/L     | 2026-03-20
            P1      |     3 | FERRITIN |    80000 | ug/L     | 2026-03-23
            P1      |     4 | FERRITIN |    80000 | ug/L     | 2026-03-24
            P1      |     5 | FIBRINO  |      0.9 | g/L      | 2026-03-18
            P1      |     6 | FIBRINO  |      1.4 | g/L      | 2026-03-21
            P1      |     7 | FIBRINO  |          | g/L      | 2026-03-20
        """,
    )


def test_a_result_stands_beside_each_event_it_is_near():
    assert_made(
        "iec_hs_labs",
        "event | seq\n1 | 1\n2 | 1",
        ae=f"{EVENT}\nP1 | {IEC_HS} | 2026-03-26 | 2026-03-27",
        lb="usubjid | lbseq | lbtestcd | lbstresn | lbdtc\nP1 | 1 | AST | 90 | 2026-03-22",
    )


@pytest.mark.parametrize("name", ["icans", "iec_hs", "iec_hs_labs"])
def test_without_records_the_released_tables_are_empty(name):
    with built(name, dm="usubjid\nP1", vs="usubjid | vstestcd | vsdtc\nP1 | TEMP | 2026-03-12") as db:
        assert db.execute(f"select count(*) from analysis.{name}").fetchall() == [(0,)]
