"""What changed from one release to another: new, removed, changed, or only followed longer."""

import json
import time
from collections import Counter

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.changes.releases import earlier_release, named
from pipelines.errors import WrongUsage
from tests.harness import table
from tests.unit.compared_releases import EPISODES, EVENTS, RELEASE, SUBJECTS, TYPES, changes, release, told

FEVER = "Pyrexia from 2026-02-01"


@pytest.fixture
def before(tmp_path):
    return release(tmp_path / "before")


def after(before, **tables):
    return release(before.parent / "after", **tables)


def test_a_release_does_not_differ_from_itself(before):
    assert told(before, before) == []


def test_the_order_of_rows_is_no_change(before):
    shuffled = {name: table(text).reverse() for name, text in RELEASE.items()}
    assert told(before, after(before, **shuffled)) == []


def test_a_new_subject_is_told_with_therapy_dose_and_burden(before):
    more = SUBJECTS + "    P3 | CAR-T | DL1 | High | Y | 2026-03-01 00:00\n"
    said = [("subject", "new", "P3", None, None, None, "treated, CAR-T, DL1, High")]
    assert told(before, after(before, adsl=more)) == said


def test_a_changed_dose_level_is_told_from_and_to(before):
    said = [("subject", "changed", "P1", None, "Dose level", "DL1", "DL3")]
    assert told(before, after(before, adsl=SUBJECTS.replace("DL1", "DL3"))) == said


def test_a_later_last_contact_is_only_longer_follow_up(before):
    found = changes(before, after(before, adsl=SUBJECTS.replace("2026-03-01", "2026-04-01"))).rows
    assert found.select("what", "kind", "variable").unique().rows() == [("subject", "followed", "Last known alive")]


def test_an_earlier_last_contact_is_a_change(before):
    found = changes(before, after(before, adsl=SUBJECTS.replace("2026-03-01", "2026-02-28"))).rows
    assert found["kind"].unique().to_list() == ["changed"]


def test_an_episode_ongoing_at_both_cuts_is_only_followed_longer(before):
    longer = EPISODES.replace("2026-03-01 00:00", "2026-04-01 00:00")
    said = ("followed", "P2", "CRS from 2026-02-03 06:00", "Followed until", "2026-03-01 00:00", "2026-04-01 00:00")
    assert told(before, after(before, adcrs=longer)) == [("episode", *said)]


def test_an_episode_that_ended_since_has_changed(before):
    ended = EPISODES.replace("| true    | 3     | ongoing", "| false   | 3     | resolved")
    said = [row[4:] for row in told(before, after(before, adcrs=ended))]
    assert said == [("End", "ongoing", "2026-03-01 00:00"), ("Outcome", "ongoing", "resolved")]


def test_an_episode_found_before_the_first_is_new_and_the_others_are_numbered_anew_without_a_change(before):
    first = "    P1 | reported | Y | 1 | 2026-01-20 06:00 | m | 2026-01-21 06:00 | m | false | 1 | resolved\n"
    renumbered = EPISODES.replace("P1      | reported | Y       | 1", "P1      | reported | Y       | 2") + first
    said = [("episode", "new", "P1", "CRS from 2026-01-20 06:00", None, None, "grade 1, resolved")]
    assert told(before, after(before, adcrs=renumbered)) == said


def test_a_corrected_onset_is_a_change_of_the_episode(before):
    corrected = EPISODES.replace("2026-02-01 06:00", "2026-02-01 09:00")
    said = ("CRS from 2026-02-01 09:00", "Onset", "2026-02-01 06:00", "2026-02-01 09:00")
    assert told(before, after(before, adcrs=corrected)) == [("episode", "changed", "P1", *said)]


def test_episodes_of_another_source_than_the_reports_are_not_compared(before):
    assert told(before, after(before, adcrs=EPISODES.replace("| 1     | resolved", "| 4     | resolved"))) == []


def test_a_highest_grade_is_told_from_and_to(before):
    grades = "usubjid | part | episodes | grade\nP1 | all | 0 | 0\nP2 | all | 1 | {}"
    first = release(before.parent / "first", subject_results=grades.format("2"))
    said = ("grade", "changed", "P2", None, "Highest grade of CRS", "2", "unknown")
    assert told(first, after(before, subject_results=grades.format(""))) == [said]


def test_adverse_events_numbered_anew_are_no_change(before):
    renumbered = EVENTS.replace("| 1     | fever", "| 7     | fever").replace(
        "| 2     | headache", "| 1     | headache"
    )
    assert told(before, after(before, adae=renumbered)) == []


@pytest.mark.parametrize(
    ("was", "became", "said"),
    [
        ('P1      | 1     | fever    | Pyrexia  | "2026-02-01" | "1"', 'P1 | 9 | fever | Pyrexia | "2026-02-01" | "3"', ("Grade", "1", "3")),
        ('P1      | 1     | fever    | Pyrexia  | "2026-02-01"', 'P1 | 1 | fever | Pyrexia | "2026-02-02"', ("Start", "2026-02-01", "2026-02-02")),
        ("P1      | 1     | fever    | Pyrexia ", "P1 | 1 | fever | Chills", ("Standardized term", "Pyrexia", "Chills")),
    ],
    ids=["known by term and start", "known by term and number", "known by start and number"],
)  # fmt: skip
def test_a_changed_adverse_event_is_known_again(before, was, became, said):
    found = told(before, after(before, adae=EVENTS.replace(was, became)))
    assert [(row[:2], row[4:]) for row in found] == [(("adverse event", "changed"), said)]


def test_a_removed_adverse_event_among_equals_takes_no_other_with_it(tmp_path):
    twice = EVENTS + '    P1 | 3 | fever | Pyrexia | "2026-02-01" | "2" | RECOVERED/RESOLVED\n'
    old, new = release(tmp_path / "old", adae=twice), release(tmp_path / "new", adae=EVENTS)
    said = [("adverse event", "removed", "P1", FEVER, None, "grade 2, recovered/resolved", None)]
    assert told(old, new) == said


def test_the_sponsors_identifier_outlasts_term_start_and_number(tmp_path):
    event = "usubjid | aeseq | aespid | aeterm | aedecod | aestdtc | aetoxgr\nP1 | {} | A-{} | {} | Pyrexia | {} | 1"
    old = release(tmp_path / "old", adae=event.format(1, "x", "fever", '"2026-02-01"'))
    new = release(tmp_path / "new", adae=event.format(5, "x", "high fever", '"2026-02-09"'))
    assert [row[4] for row in told(old, new)] == ["Reported term", "Start"]


def test_a_changed_setting_is_told(tmp_path):
    one = 'key | value\ngrading.episode_gap_days | "{}"'
    old, new = (release(tmp_path / gap, settings=one.format(gap)) for gap in ("7", "0"))
    assert told(old, new) == [("setting", "changed", None, "grading.episode_gap_days", "Value", "7", "0")]


def cell(stat, subjects="P1", name="n"):
    who = f"select studyid, usubjid from adsl where usubjid in ('{subjects}')"
    place = {"study": "S1", "analysis": "incidence", "variable": "max_grade", "variable_level": "any"}
    return pl.DataFrame([{"cell_id": "c1", **place, "stat_name": name, "stat": stat, "subjects_sql": who}])


def test_a_number_that_moved_is_told_as_it_prints(tmp_path):
    old, new = release(tmp_path / "old", ard=cell(0.25, name="p")), release(tmp_path / "new", ard=cell(0.5, name="p"))
    said = ("CRS of any grade, proportion", None, "25.0 %", "50.0 %")
    assert told(old, new) == [("number", "changed", None, *said)]


def test_a_number_that_prints_the_same_has_not_moved(tmp_path):
    old, new = (release(tmp_path / str(p), ard=cell(p, name="p")) for p in (0.25, 0.25001))
    assert told(old, new) == []


def test_subjects_that_change_places_in_a_number_are_told_though_it_stays(tmp_path):
    old, new = (release(tmp_path / who, ard=cell(1.0, who)) for who in ("P1", "P2"))
    kinds = {(kind, who) for what, kind, who, *_ in told(old, new) if what == "counted"}
    assert kinds == {("new", "P2"), ("removed", "P1")}


def test_a_select_that_an_older_release_cannot_answer_is_named_and_stops_nothing(tmp_path):
    broken = cell(1.0).with_columns(subjects_sql=pl.lit("select studyid, usubjid from not_there"))
    old, new = release(tmp_path / "old", ard=broken), release(tmp_path / "new", ard=cell(2.0))
    found = changes(old, new)
    assert found.left_out[-1] == "subjects of CRS of any grade"
    assert found.rows["what"].to_list() == ["number"]


def test_columns_and_tables_of_one_release_alone_are_named_and_not_compared(tmp_path):
    fewer = {**TYPES, "adsl": TYPES["adsl"].replace(", dthfl varchar", "")}
    del fewer["subject_results"]
    found = changes(release(tmp_path / "old", fewer), release(tmp_path / "new"))
    assert {"adsl.dthfl", "subject_results"} <= set(found.left_out)
    assert found.rows.is_empty()


def test_without_the_flag_the_settings_say_which_episodes_are_compared(tmp_path):
    types = {**TYPES, "adcrs": TYPES["adcrs"].replace("anl01fl varchar, ", "")}
    primary = "key | value\ngrading.primary | reported"
    old, new = release(tmp_path / "old", types, settings=primary), release(tmp_path / "new", settings=primary)
    assert told(old, new) == []


def test_the_earlier_release_is_the_newest_of_an_earlier_cut(tmp_path):
    for name in ("2026-01-31", "2026-02-28", "2026-02-28-r2", "2026-02-28-r10", "2026-03-31"):
        made(tmp_path, name)
    assert earlier_release(tmp_path, "2026-03-31").folder.name == "2026-02-28-r10"
    assert earlier_release(tmp_path, "2026-01-31") is None


def test_an_unknown_release_is_answered_with_those_there_are(tmp_path):
    for name in ("2026-01-31", "2026-01-31-r2"):
        made(tmp_path / "S1", name)
    assert named(tmp_path / "S1", "2026-01-31-r2").name == "2026-01-31-r2"
    with pytest.raises(WrongUsage, match=r"S1 has no release 2025 in .*; there are 2026-01-31, 2026-01-31-r2\."):
        named(tmp_path / "S1", "2025")


def made(folder, name):
    (folder / name).mkdir(parents=True)
    identity = {"cut": name[:10], "code_version": "1"}
    (folder / name / "manifest.json").write_text(json.dumps({"identity": identity}))


EVENT = st.tuples(
    st.sampled_from(["P1", "P2"]),
    st.sampled_from(["Fever", "Rash"]),
    st.sampled_from(["1", "2"]),
    st.sampled_from("12"),
)
RECORDS = st.lists(EVENT, max_size=6)


def events(records):
    names = ("usubjid", "aedecod", "aestdtc", "aetoxgr")
    return pl.DataFrame(records, schema=names, orient="row").with_columns(aeseq=pl.int_range(pl.len()).cast(pl.Float64))


@settings(max_examples=8, deadline=None)
@given(RECORDS, RECORDS)
def test_new_one_way_is_removed_the_other_way_and_the_records_add_up(tmp_path_factory, before, after):
    folder = tmp_path_factory.mktemp("two")
    old, new = (release(folder / n, adae=events(e)) for n, e in (("old", before), ("new", after)))
    there, back = changes(old, new).rows, changes(new, old).rows
    assert one_way(there, "new") == one_way(back, "removed")
    assert one_way(there, "removed") == one_way(back, "new")
    kept = Counter(who for who, *_ in before) - Counter(who for who, _ in one_way(there, "removed"))
    assert kept + Counter(who for who, _ in one_way(there, "new")) == Counter(who for who, *_ in after)


def one_way(rows, kind):
    return sorted(rows.filter(pl.col("kind") == kind).select("usubjid", "item").rows())


def test_ten_thousand_subjects_are_compared_in_seconds(tmp_path):
    old, new = (release(tmp_path / n) for n in ("old", "new"))
    for folder, grade in ((old, "1"), (new, "2")):
        with duckdb.connect(folder / "crs.duckdb") as db:
            db.execute(f"""
                insert into adae by name
                select 'S1' as studyid, 'N' || (i // 10) as usubjid, i % 10 as aeseq, 'T' || i % 7 as aedecod,
                    '2026-02-01' as aestdtc, if(i % 20 = 0, '{grade}', '1') as aetoxgr
                from range(100000) as r(i)
            """)
    begun = time.perf_counter()
    assert changes(old, new).rows.height == 5000
    assert time.perf_counter() - begun < 10
