"""adjudication.csv: read as it stands, or refused with a sentence for each thing that is wrong."""

import hashlib
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.studies import StudyError, load_adjudicated, load_study, study_tables
from tests.unit.study_folders import SHORTEST, study

HEAD = "usubjid,episode,source,scale,grade,reason,adjudicator,adjudicated_at"
LINE = "P1,1,reported,ASTCT 2019,2,Oxygen was for pneumonia,Committee,2026-02-15"


def load(root, *lines, head=HEAD, settings=SHORTEST):
    one = study(root, settings)
    (root / "S1" / "adjudication.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return load_adjudicated(root, [one])["S1"]


def problems(root, *lines, head=HEAD):
    with pytest.raises(StudyError) as refused:
        load(root, *lines, head=head)
    return [line.removeprefix("adjudication.csv: ") for line in str(refused.value).splitlines()]


def test_a_study_without_the_file_has_no_adjudicated_grades(tmp_path):
    assert load_adjudicated(tmp_path, [study(tmp_path, SHORTEST)]) == {}


def test_a_line_is_a_row_of_study_adjudications(tmp_path):
    found = load(tmp_path, LINE)
    tables = study_tables([(load_study(tmp_path / "S1"), "2026-01-31")], {"S1": found})
    assert tables["study.adjudications"].to_dicts() == [
        {
            "studyid": "S1",
            "usubjid": "P1",
            "source": "reported",
            "scale": "ASTCT 2019",
            "episode": 1,
            "grade": 2,
            "reason": "Oxygen was for pneumonia",
            "adjudicator": "Committee",
            "adjudicated_at": "2026-02-15",
            "line": 2,
        }
    ]


def test_the_file_is_known_by_its_hash(tmp_path):
    found = load(tmp_path, LINE)
    digest = hashlib.sha256((tmp_path / "S1" / "adjudication.csv").read_bytes()).hexdigest()
    overrides = study_tables([(load_study(tmp_path / "S1"), "2026-01-31")], {"S1": found})["study.overrides"]
    assert overrides.rows() == [("S1", "adjudication.csv", digest, 1)]


@pytest.mark.parametrize("primary", ["reported", "derived"])
def test_the_primary_source_is_meant_where_a_line_names_none(tmp_path, primary):
    head, line = HEAD.replace(",source", ""), LINE.replace(",reported", "")
    settings = f"{SHORTEST}grading: {{primary: {primary}, scales: [ASTCT 2019]}}\n"
    assert load(tmp_path, line, head=head, settings=settings).rows[0].source == primary


def test_a_scale_goes_by_any_of_its_names(tmp_path):
    assert load(tmp_path, LINE.replace("ASTCT 2019", "astct")).rows[0].scale == "ASTCT 2019"


def test_a_file_without_lines_adjudicates_nothing(tmp_path):
    assert load(tmp_path).rows == ()


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("P1,", ",", "line 2: usubjid is empty; give it"),
        ("Oxygen was for pneumonia", " ", "line 2: reason is empty; give it"),
        ("Committee", "", "line 2: adjudicator is empty; give it"),
        ("2026-02-15", "", "line 2: adjudicated_at is empty; give it"),
        (",1,", ",0,", "line 2: episode: found '0', expected its number, 1 for the first"),
        (",1,", ",first,", "line 2: episode: found 'first', expected its number, 1 for the first"),
        (",2,", ",6,", "line 2: grade: found '6', expected 1 to 5, or 0 for no CRS"),
        (",2,", ",2.5,", "line 2: grade: found '2.5', expected 1 to 5, or 0 for no CRS"),
        ("ASTCT 2019", "ASTCT 2091", "line 2: scale: found 'ASTCT 2091'; did you mean ASTCT 2019?"),
        ("reported", "investigator", "line 2: source: found 'investigator', expected reported or derived"),
        ("2026-02-15", "15.2.26", "line 2: adjudicated_at: found '15.2.26', expected a date such as 2026-06-30"),
        (LINE, f"{LINE},more", "line 2: found 9 values, expected 8"),
        (LINE, '"P1', "line 2: not CSV: unexpected end of data; mend it there"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(tmp_path, was, now, said):
    [problem] = problems(tmp_path, LINE.replace(was, now))
    assert problem.startswith(said)


def test_a_decision_that_is_yet_to_come_is_refused(tmp_path):
    later = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    [problem] = problems(tmp_path, LINE.replace("2026-02-15", later))
    assert "which is yet to come" in problem


def test_an_episode_is_graded_once_on_a_scale(tmp_path):
    lines = (LINE, LINE.replace("ASTCT 2019", "ASTCT"), LINE.replace("ASTCT 2019", "Lee 2014"))
    assert problems(tmp_path, *lines) == [
        "line 3: the episode is graded on this scale in line 2 already; keep one",
    ]


def test_everything_that_is_wrong_is_said_at_once_and_names_no_subject(tmp_path):
    found = problems(tmp_path, LINE.replace(",2,", ",9,"), LINE.replace("Committee", "").replace(",1,", ",x,"))
    assert [problem.split(":")[0] for problem in found] == ["line 2", "line 3", "line 3"]
    assert "P1" not in " ".join(found)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (HEAD.replace(",reason", ""), "there is no column reason; add it"),
        (HEAD.replace("scale", "scael"), "unknown column 'scael'; did you mean scale?"),
        (HEAD + ",grade", "column grade is there more than once; keep one"),
        ("", "there is no column usubjid; add it"),
    ],
)
def test_what_is_wrong_with_the_columns_is_said(tmp_path, head, said):
    assert said in problems(tmp_path, LINE, head=head)


def test_a_file_in_another_encoding_is_refused_with_the_byte(tmp_path):
    one = study(tmp_path, SHORTEST)
    (tmp_path / "S1" / "adjudication.csv").write_bytes(f"{HEAD}\n".encode() + "Größe".encode("cp1252"))
    with pytest.raises(StudyError, match="byte 72 is not UTF-8"):
        load_adjudicated(tmp_path, [one])


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_read_or_refused(tmp_path_factory, content, with_head):
    root = tmp_path_factory.mktemp("any")
    one = study(root, SHORTEST)
    (root / "S1" / "adjudication.csv").write_bytes((f"{HEAD}\n".encode() if with_head else b"") + content)
    try:
        rows = load_adjudicated(root, [one])["S1"].rows
    except StudyError:
        return
    pl.DataFrame([vars(row) for row in rows])
