"""Which adverse events are treatment-emergent, where admiral's own tests are silent."""

from datetime import UTC, datetime

import polars as pl
import pytest

from tests.harness import run, table
from tests.received import received

DAY_S = 86400


def second(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def flags(
    events: str,
    *,
    first: str = "2026-03-10T08:00",
    last: str = "2026-03-10T08:00",
    end: str = "2026-03-10T08:00",
    **settings: object,
) -> list[str | None]:
    """The flag of each event of one subject whose first dose, last dose and end of treatment are these."""
    subject = {
        "studyid": "S1",
        "usubjid": "P1",
        "anchor_s": second(first),
        "last_dose_s": second(last),
        "last_dose_end_s": second(end),
    }
    drawn = table(events).with_columns(studyid=pl.lit("S1"), usubjid=pl.lit("P1"))
    return run(
        "staged.adverse_events",
        "staged.treatment_emergence",
        raw__ae=received("AE", drawn),
        staged__subjects=pl.DataFrame([subject]),
        study__parameters=pl.DataFrame([{"studyid": "S1", **settings}]),
    )["trtemfl"].to_list()


@pytest.mark.parametrize(
    ("start", "flag"),
    [("2026-03-09", None), ("2026-03-10", "Y"), ("2026-03", "Y"), ("2026", "Y"), ("2026-02", None)],
)
def test_a_partial_start_that_allows_the_first_dose_is_after_it(start, flag):
    assert flags(f"aestdtc\n{start}") == [flag]


@pytest.mark.parametrize("end", ["2026-03-09", "2026-02", "2025"])
def test_an_event_over_before_the_first_dose_is_not_treatment_emergent(end):
    assert flags(f"aestdtc | aeendtc\n | {end}") == [None]


def test_a_pre_specified_event_that_did_not_occur_is_not_treatment_emergent():
    assert flags("""
        aestdtc    | aeoccur
        2026-03-12 | N
                   | n
        2026-03-12 | Y
    """) == [None, None, "Y"]


@pytest.mark.parametrize("ignore_time", [True, False, None])
@pytest.mark.parametrize(
    ("last", "end"),
    [("2026-03-20", "2026-03-21"), ("2026-03-20", "2026-03-20"), ("2026-03-20T09:00", "2026-03-20T23:59:59")],
    ids=["dated by its day", "no end recorded", "to the second"],
)
def test_the_window_counts_from_the_day_of_the_last_dose(last, end, ignore_time):
    found = flags(
        "aestdtc\n2026-03-30\n2026-03-31",
        last=last,
        end=end,
        teae_end_window_s=10 * DAY_S,
        teae_ignore_time=ignore_time,
    )
    assert found == ["Y", None]


@pytest.mark.parametrize(("ignore_time", "flag"), [(None, "Y"), (True, "Y"), (False, None)])
def test_the_window_ends_with_its_day_unless_study_yaml_says_to_the_second(ignore_time, flag):
    found = flags("aestdtc\n2026-03-11T08:00:01", teae_end_window_s=DAY_S, teae_ignore_time=ignore_time)
    assert found == [flag]


def test_the_window_holds_its_last_second():
    assert flags("aestdtc\n2026-03-11T08:00:00", teae_end_window_s=DAY_S, teae_ignore_time=False) == ["Y"]


@pytest.mark.parametrize("worsening", [None, "none"])
def test_worsening_does_not_count_unless_study_yaml_says_so(worsening):
    event = "aestdtc | aeitoxgr | aetoxgr\n2026-03-01 | 1 | 4"
    assert flags(event, teae_worsening=worsening) == [None]


def test_an_event_from_before_whose_worsening_cannot_be_judged_is_treatment_emergent():
    assert flags(
        """
        aestdtc    | aeitoxgr | aetoxgr
        2026-03-01 | Grade 1  | Grade 2
        2026-03-01 | Grade 2  | Grade 2
        2026-03-01 |          | Grade 2
        2026-03-01 | Grade 2  | SEVERE
        """,
        teae_worsening="initial",
    ) == ["Y", None, "Y", "Y"]


def test_an_event_in_no_group_is_an_episode_of_its_own():
    assert flags(
        """
        aestdtc    | aegrpid | aetoxgr
        2026-03-01 |         | 3
        2026-03-12 |         | 1
        2026-03-01 | A       | 3
        2026-03-12 | A       | 1
        """,
        teae_worsening="group",
    ) == [None, "Y", None, None]


def test_an_episode_once_worse_stays_treatment_emergent():
    assert flags(
        """
        aestdtc    | aegrpid | aetoxgr
        2026-03-01 | A       | 2
        2026-03-12 | A       | 1
        2026-03-13 | A       | 3
        2026-03-14 | A       | 1
        """,
        teae_worsening="group",
    ) == [None, None, "Y", "Y"]


def test_an_episode_that_was_worse_only_before_the_first_dose_is_not_treatment_emergent():
    assert flags(
        """
        aestdtc    | aegrpid | aetoxgr
        2026-03-01 | A       | 1
        2026-03-05 | A       | 3
        2026-03-12 | A       | 2
        """,
        teae_worsening="group",
    ) == [None, None, None]


def test_worsening_brings_back_no_event_that_began_after_the_window():
    event = "aestdtc | aeitoxgr | aetoxgr\n2026-04-01 | 1 | 4"
    assert flags(event, teae_worsening="initial", teae_end_window_s=DAY_S) == [None]


def test_groups_of_different_subjects_do_not_meet():
    events = table("""
        usubjid | aestdtc    | aegrpid | aetoxgr
        P1      | 2026-03-01 | A       | 3
        P2      | 2026-03-12 | A       | 1
    """).with_columns(studyid=pl.lit("S1"))
    treated = {"studyid": "S1", "anchor_s": second("2026-03-10")}
    found = run(
        "staged.adverse_events",
        "staged.treatment_emergence",
        raw__ae=received("AE", events),
        staged__subjects=pl.DataFrame(
            [{**treated, "usubjid": p, "last_dose_s": None, "last_dose_end_s": None} for p in ("P1", "P2")],
            schema_overrides={"last_dose_s": pl.Int64, "last_dose_end_s": pl.Int64},
        ),
        study__parameters=pl.DataFrame([{"studyid": "S1", "teae_worsening": "group"}]),
    )
    assert found["trtemfl"].to_list() == [None, "Y"]
