"""The adverse event analysis dataset, drawn as tables: what is received on the left, what is derived on the right."""

from datetime import UTC, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.harness import MODELS, run, table
from tests.lines import CONTRACT
from tests.received import received

FIRST_DOSE = datetime(2026, 3, 10, 8, tzinfo=UTC)
# Followed through 14 April: the end of follow-up is the first moment after it.
FOLLOWED_UNTIL = datetime(2026, 4, 15, tzinfo=UTC)


def adae(drawn: pl.DataFrame, *, anchor=FIRST_DOSE, followed_until=FOLLOWED_UNTIL) -> pl.DataFrame:
    subject = {"studyid": "S1", "usubjid": "P1", "arm": "A", "actarm": "B", "saffl": "Y"}
    moments = {
        "anchor_s": anchor,
        "last_dose_s": anchor,
        "last_dose_end_s": anchor,
        "followed_until_s": followed_until,
    }
    seconds = [
        pl.lit(moment and int(moment.timestamp()), dtype=pl.Int64).alias(name) for name, moment in moments.items()
    ]
    return run(
        "staged.adverse_events",
        "staged.treatment_emergence",
        "analysis.adae",
        raw__ae=received("AE", drawn.with_columns(studyid=pl.lit("S1"), usubjid=pl.lit("P1"))),
        staged__subjects=pl.DataFrame([subject]).with_columns(*seconds),
        study__parameters=pl.DataFrame([{"studyid": "S1"}]),
    )


def assert_derived(text: str, **subject) -> None:
    drawn = table(text)
    found = adae(drawn, **subject).with_columns(pl.col(pl.Date).cast(pl.String))
    assert_frame_equal(found.select(drawn.columns), drawn, check_dtypes=False)


def test_a_start_is_the_earliest_its_text_allows_but_not_before_the_first_dose():
    assert_derived("""
        aestdtc             | astdt      | astdtf | astdtm              | astdy
        2026-03-10T07:59    | 2026-03-10 |        | 2026-03-10 07:59:00 |     1
        2026-03-11T10:15:30 | 2026-03-11 |        | 2026-03-11 10:15:30 |     2
        2026-03-10          | 2026-03-10 |        | 2026-03-10 08:00:00 |     1
        2026-03-09          | 2026-03-09 |        | 2026-03-09 00:00:00 |    -1
        2026-03             | 2026-03-10 | D      | 2026-03-10 08:00:00 |     1
        2026-02             | 2026-02-01 | D      | 2026-02-01 00:00:00 |   -37
        2026-04             | 2026-04-01 | D      | 2026-04-01 00:00:00 |    23
        2026                | 2026-03-10 | M      | 2026-03-10 08:00:00 |     1
        2026---12           | 2026-03-10 | M      | 2026-03-10 08:00:00 |     1
        2025                | 2025-01-01 | M      | 2025-01-01 00:00:00 |  -433
                            |            |        |                     |
    """)


def test_an_end_is_the_latest_its_text_allows_but_an_imputed_day_is_not_after_follow_up():
    assert_derived("""
        aeendtc             | aendt      | aendtf | aendtm              | aendy
        2026-03-11T10:15:30 | 2026-03-11 |        | 2026-03-11 10:15:30 |     2
        2026-03-11T10:15    | 2026-03-11 |        | 2026-03-11 10:15:59 |     2
        2026-03-11T10       | 2026-03-11 |        | 2026-03-11 10:59:59 |     2
        2026-03-09          | 2026-03-09 |        | 2026-03-09 23:59:59 |    -1
        2026-04-20          | 2026-04-20 |        | 2026-04-20 23:59:59 |    42
        2026-03             | 2026-03-31 | D      | 2026-03-31 23:59:59 |    22
        2026-04             | 2026-04-14 | D      | 2026-04-14 23:59:59 |    36
        2026                | 2026-04-14 | M      | 2026-04-14 23:59:59 |    36
        2026-05             | 2026-05-31 | D      | 2026-05-31 23:59:59 |    83
                            |            |        |                     |
    """)


def test_an_end_whose_day_is_recorded_is_not_moved_by_the_end_of_follow_up():
    assert_derived(
        "aeendtc | aendtf | aendtm\n2026-04-14 |  | 2026-04-14 23:59:59",
        followed_until=datetime(2026, 4, 14, 12, tzinfo=UTC),
    )


def test_a_month_in_which_the_subject_was_only_seen_as_it_began_keeps_its_first_moment():
    assert_derived(
        "aeendtc | aendtf | aendtm\n2026-04 | D | 2026-04-01 00:00:00",
        followed_until=datetime(2026, 4, 1, tzinfo=UTC),
    )


def test_a_grade_is_a_number_only_when_it_can_be_read():
    assert_derived("""
        aetoxgr | aetoxgrn
        Grade 3 | 3
        SEVERE  |
        4       | 4
                |
    """)


def test_an_untreated_subject_has_dates_but_no_study_day_and_no_treatment_emergent_event():
    assert_derived(
        """
        aestdtc    | aeendtc | astdtm              | aendtm              | astdy | aendy | trtemfl
        2026-03-12 | 2026-03 | 2026-03-12 00:00:00 | 2026-03-31 23:59:59 |       |       |
        """,
        anchor=None,
    )


def test_a_time_is_imputed_whole_or_in_its_minutes():
    assert_derived("""
        aestdtc             | asttmf | aeendtc          | aentmf
        2026-03-11T10:15:30 |        | 2026-03-12T10:15 |
        2026-03-11T10       | M      | 2026-03-12T10    | M
        2026-03-11          | H      | 2026-03-12       | H
        2026-03             | H      | 2026-04          | H
                            |        |                  |
    """)


@pytest.mark.parametrize("text", ["  Fever ", "FEVER", ""])
def test_what_was_received_stays_as_it_was(text):
    assert adae(pl.DataFrame({"aeterm": [text]}))["aeterm"].to_list() == [text]


def test_every_variable_of_ae_is_there_in_order_before_what_is_derived():
    of_ae = [name.lower() for domain, name, _ in CONTRACT if domain == "AE"]
    columns = [column.name for column in MODELS["analysis.adae"].columns]
    assert columns == [
        *of_ae,
        *("astdt", "astdtf", "astdtm", "aendt", "aendtf", "aendtm", "astdy", "aendy"),
        *("trtemfl", "aetoxgrn", "_file", "_row", "trtp", "trta", "saffl", "asttmf", "aentmf"),
    ]
