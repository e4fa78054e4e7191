"""What ``crsight explain`` tells of subjects and of numbers, on a release made by hand."""

import json
from dataclasses import asdict, replace
from datetime import datetime

import duckdb
import pytest

from pipelines.errors import WrongUsage
from pipelines.explaining import explain
from pipelines.explaining.clock import Clock, ended
from pipelines.explaining.facts import Sign
from pipelines.explaining.readings import told_together
from pipelines.site import Site
from tests.unit.explained_release import TABLES, released


@pytest.fixture
def site(tmp_path):
    released(tmp_path)
    return Site(home=tmp_path, studies=tmp_path)


def told(site, asked, study=None, verbose=False):
    return "\n".join(explain(site, study, asked).lines(verbose)) + "\n"


@pytest.mark.parametrize(
    ("asked", "golden_file"),
    [
        ("P1", "explain_crs.txt"),
        ("P2", "explain_no_crs.txt"),
        ("P3", "explain_not_treated.txt"),
        ("ab12", "explain_number.txt"),
        ("cd12", "explain_curve.txt"),
        ("ef12", "explain_incidence.txt"),
    ],
)
def test_the_story_is_as_accepted(site, golden, asked, golden_file):
    golden(golden_file, told(site, asked))


def test_verbose_tells_each_reading_with_its_row(site):
    lines = [line for line in told(site, "P1", verbose=True).splitlines() if "  fever  " in line]
    assert [line.rsplit(" row ", 1)[1] for line in lines] == ["11]", "12]", "13]", "14]", "16]"]


def test_verbose_tells_the_select_behind_a_number(site):
    assert "Found by: select studyid, usubjid from adsl where usubjid = 'P1'" in told(site, "ab12", verbose=True)


def test_what_happened_is_in_time_order(site):
    story = told(site, "P1").split("first dose:\n")[1].split("\n\n")[0].splitlines()
    times = [line[:16].strip() for line in story]
    assert times == sorted(times)


def test_json_is_the_facts(site):
    found = explain(site, None, "P1")
    facts = json.loads(json.dumps(found.as_dict(), default=str))
    assert facts["who"]["usubjid"] == "P1"
    assert [dose["kept_out"] for dose in facts["doses"]] == [None, None, "dose_not_negative", None]
    assert {len(facts[name]) for name in ("signs", "episodes", "waivers", "queries")} == {7, 3, 2}
    assert facts["evidence"][0]["value"] == "NASAL CANNULA"


def test_json_of_a_number_has_its_subjects(site):
    found = explain(site, None, "ab12").as_dict()
    assert (found["number"]["stat"], [one["usubjid"] for one in found["subjects"]]) == (1, ["P1"])


def test_the_subjects_behind_a_denominator_are_all_among_whom_is_counted(site):
    assert "2 subjects behind it:" in told(site, "ab13")


def test_a_count_of_nobody_has_nobody_behind_it(site):
    assert told(site, "ee12").endswith("\n0 subjects behind it.\n")


def test_a_select_of_a_release_cannot_read_files(site):
    with pytest.raises(WrongUsage, match="disabled"):
        explain(site, None, "ee34")


def test_a_subject_who_could_not_be_assessed_is_not_told_to_be_without_crs(tmp_path):
    graded = """
        usubjid | source  | scale      | grade | grade_min | grade_max | episodes | is_assessable
        P2      | derived | ASTCT 2019 |     0 |         0 |         0 |        0 | false
    """
    released(tmp_path, adcrs_subject=graded)
    story = told(Site(home=tmp_path, studies=tmp_path), "P2")
    assert "none could be derived without a temperature after the first dose" in story
    assert "ASTCT 2019  derived  none   no temperature after the first dose" in story


def test_a_fatal_episode_reaches_grade_5_at_its_end(tmp_path):
    fatal = TABLES["adcrs"].replace(
        "false   |     3 |         2 |         3", "false   |     5 |         5 |         5"
    )
    released(tmp_path, adcrs=fatal)
    [line] = [line for line in told(Site(home=tmp_path, studies=tmp_path), "P1").splitlines() if "-> 5" in line]
    assert line.startswith("2026-03-03 02:00")


def test_a_release_without_ex_has_no_doses(tmp_path):
    with duckdb.connect(released(tmp_path)) as db:
        db.execute("drop table raw_ex")
    assert explain(Site(home=tmp_path, studies=tmp_path), None, "P1").as_dict()["doses"] == ()


@pytest.mark.parametrize(
    ("asked", "study", "said"),
    [
        ("P-1", None, r"no subject or number is called 'P-1' in the releases of S1; the nearest are P1\."),
        ("nothing like it", None, "lists subjects"),
        ("", None, "no subject or number"),
        (
            "ab",
            None,
            r"the beginning of the name, of 2; .*\n  ab12000000000000 in S1: outcome, DL1, 2, outcome ongoing, n\n",
        ),
        ("P1", "S9", "no release of S9"),
    ],
    ids=["near a subject", "near nothing", "empty", "two numbers", "no such study"],
)
def test_what_cannot_be_told_says_what_can(site, asked, study, said):
    with pytest.raises(WrongUsage, match=said):
        explain(site, study, asked)


def test_nothing_is_told_without_a_release(tmp_path):
    with pytest.raises(WrongUsage, match="no release in"):
        explain(Site(home=tmp_path, studies=tmp_path), None, "P1")


def test_all_releases_are_searched(site):
    other = TABLES["adsl"].replace("P1 ", "Q1 ").replace("P2 ", "Q2 ").replace("P3 ", "Q3 ")
    released(site.home, "S2", adsl=other, ard=TABLES["ard"].replace("ab12", "99ff"))
    assert told(site, "Q1").startswith("Subject Q1 ")
    assert told(site, "99ff").startswith("Number 99ff000000000000")


def test_a_subject_of_two_studies_needs_the_study(site):
    released(site.home, "S2")
    with pytest.raises(WrongUsage, match="P1 in S1: Cells\n  P1 in S2: Cells"):
        explain(site, None, "P1")
    assert told(site, "P1", study="S2").startswith("Subject P1 ")


def test_a_subject_is_told_from_its_own_release_rather_than_the_pooled_one(site):
    released(site.home, "POOLED", signs=TABLES["signs"].replace("vs.xpt", "S1/vs.xpt"))
    assert "S1/vs.xpt" not in told(site, "P1")
    assert "S1/vs.xpt" in told(site, "P1", study="POOLED")


READING = Sign(
    source="derived",
    sign="fever",
    level_min=1,
    level_max=1,
    finding="TEMP 38.5 C",
    start_dtm=datetime(2026, 3, 2, 6),
    end_dtm=datetime(2026, 3, 2, 10),
    end_imputed=False,
    counted=True,
    episode=1,
    why_not=None,
    domain="VS",
    seq=1,
    file="vs.xpt",
    row=1,
)
NEXT = replace(READING, finding="TEMP 38.9 C", start_dtm=datetime(2026, 3, 2, 10), end_dtm=datetime(2026, 3, 2, 14))
LATER = replace(NEXT, start_dtm=datetime(2026, 3, 2, 11))
UNCOUNTED = {"counted": False, "episode": None, "why_not": "before onset"}


@pytest.mark.parametrize(
    ("before", "after", "findings"),
    [
        (READING, NEXT, ["TEMP 38.5-38.9 C, 2 readings"]),
        (READING, replace(NEXT, finding="TEMP 38.5 C"), ["TEMP 38.5 C, 2 readings"]),
        (READING, LATER, ["TEMP 38.5 C", "TEMP 38.9 C"]),
        (replace(READING, **UNCOUNTED), replace(LATER, **UNCOUNTED), ["TEMP 38.5-38.9 C, 2 readings"]),
        (READING, replace(NEXT, **UNCOUNTED), ["TEMP 38.5 C", "TEMP 38.9 C"]),
        (READING, replace(NEXT, episode=2), ["TEMP 38.5 C", "TEMP 38.9 C"]),
        (READING, replace(NEXT, finding="SYSBP 84 mmHg"), ["TEMP 38.5 C", "SYSBP 84 mmHg"]),
        (replace(READING, domain="CM"), replace(NEXT, domain="CM"), ["TEMP 38.5 C", "TEMP 38.9 C"]),
    ],
    ids=[
        "one after the other",
        "the same value",
        "another reading between",
        "neither counted",
        "one counted",
        "two episodes",
        "two tests",
        "no readings but drugs",
    ],
)
def test_readings_are_told_together_when_they_say_the_same(before, after, findings):
    assert [one.finding() for one in told_together([before, after])] == findings


def test_every_sign_is_told_once():
    signs = [READING, LATER, replace(NEXT, domain="CM", finding="NOREPINEPHRINE 4 ug/min")]
    told = [asdict(sign) for one in told_together(signs) for sign in one.signs]
    assert sorted(map(str, told)) == sorted(str(asdict(sign)) for sign in signs)


@pytest.mark.parametrize(
    ("zero", "is_whole", "moment", "said"),
    [
        (datetime(2026, 3, 1, 10), False, datetime(2026, 3, 1, 8, 30), "-1.5 h"),
        (datetime(2026, 3, 1, 10), False, datetime(2026, 3, 3, 9), "+47.0 h"),
        (datetime(2026, 3, 1, 10), False, datetime(2026, 3, 3, 10), "+2.0 d"),
        (datetime(2026, 3, 1), True, datetime(2026, 3, 2, 23), "+1 d"),
        (None, False, datetime(2026, 3, 2), ""),
        (datetime(2026, 3, 1), False, None, ""),
    ],
)
def test_time_from_the_first_dose_is_in_hours_for_two_days(zero, is_whole, moment, said):
    assert Clock(zero=zero, is_whole=is_whole).since(moment) == said


def test_time_from_the_first_dose_is_in_whole_days_when_the_time_is_not_known():
    assert Clock(zero=datetime(2026, 3, 1, 10), is_whole=False).since(datetime(2026, 3, 2), "D") == "+1 d"


@pytest.mark.parametrize(
    ("moment", "precision", "said"),
    [
        (datetime(2026, 3, 2), "m", "2026-03-01 24:00"),
        (datetime(2026, 3, 2, 0, 1), "m", "2026-03-02 00:01"),
        (datetime(2026, 3, 2), "D", "2026-03-01"),
        (datetime(2026, 3, 1), "M", "2026-02"),
    ],
)
def test_an_end_is_told_as_finely_as_it_is_known(moment, precision, said):
    assert ended(moment, precision) == said
