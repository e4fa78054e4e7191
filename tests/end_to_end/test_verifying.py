"""A release made again is the same, byte for byte; what it was made from is compared first; every run is in the log."""

import json
import shutil

import pytest

from pipelines import standing
from pipelines.site import Site
from tests.end_to_end.conftest import Line
from tests.end_to_end.test_refusals import AE, DM, deliver

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("verifying")]


ADJUDICATED = (
    "usubjid,episode,scale,grade,reason,adjudicator,adjudicated_at\n"
    "S1-1,1,ASTCT 2019,1,Hypotension was there before,Committee,2026-04-02\n"
)


@pytest.fixture(scope="module")
def pooled(tmp_path_factory):
    """POOLED, released twice, of two studies whose cuts differ; the second release is compared with the first."""
    folder = tmp_path_factory.mktemp("pooled")
    line = Line(home=folder / "home", studies=folder / "studies")
    deliver(line, "S1")
    deliver(line, "S2", cut="2026-02-28")
    line.crsight("run", "POOLED")
    (line.studies / "S1/adjudication.csv").write_text(ADJUDICATED)
    deliver(line, "S2", cut="2026-04-30", ae=AE.replace("2026-01-05", "2026-01-09"))
    line.crsight("run", "POOLED")
    return line


@pytest.fixture
def mine(pooled, tmp_path):
    """The same, to be changed."""
    shutil.copytree(pooled.home, tmp_path / "home", symlinks=True)
    shutil.copytree(pooled.studies, tmp_path / "studies")
    return Line(home=tmp_path / "home", studies=tmp_path / "studies")


def everything(folder):
    """Every file and when it was written."""
    return {path: path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


def entries(line):
    return [json.loads(text) for text in (line.home / "audit.jsonl").read_text().splitlines()]


def test_a_release_made_again_is_the_same_and_touches_nothing(pooled):
    before = everything(pooled.home), everything(pooled.studies)
    told = pooled.json("verify", "POOLED", "--reproduce")
    assert told["differs"] == []
    assert "19 files byte for byte" in told["checked"][-1]
    assert (everything(pooled.home), everything(pooled.studies)) == before


def test_the_release_it_is_held_against_has_what_a_run_can_change(pooled):
    assert pooled.ask("POOLED", "select release from compared").item() == "2026-03-31"
    assert pooled.ask("POOLED", "select count(*) from changes").item() > 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("S2/transfers/2026-04-30/ae.csv", "inputs: S2/ae.csv was"),
        ("S2/transfers/2026-04-30", "S2: transfer 2026-04-30 is not in"),
        ("S1/study.yaml", "settings: S1.grading.episode_gap_days was 7, is 5."),
    ],
    ids=["a file that changed", "a transfer that is gone", "a setting that changed"],
)
def test_what_cannot_come_out_again_is_said_without_a_run(mine, changed, said):
    path = mine.studies / changed
    if path.is_dir():
        shutil.rmtree(path)
    elif path.suffix == ".yaml":
        path.write_text(path.read_text() + "grading: {episode_gap_days: 5}\n")
    else:
        path.write_text(path.read_text() + "\n")
    told = mine.json("verify", "POOLED", "--reproduce", expect=1)
    assert [line for line in told["differs"] if said in line] == told["differs"][:1]
    assert len(told["differs"]) == 1


def test_another_version_of_the_program_is_said_without_a_run(mine, monkeypatch):
    monkeypatch.setattr(standing, "code_version", lambda: "another")
    [differs] = mine.json("verify", "POOLED", "--reproduce", expect=1)["differs"]
    assert differs.endswith("is another.")
    assert differs.startswith("code_version was 0.")


def test_a_damaged_release_is_not_made_again(mine):
    (mine.release("POOLED") / "tables.rtf").unlink()
    said = mine.crsight("verify", "POOLED", "--reproduce", expect=1)
    assert "tables.rtf is missing" in said.stdout
    assert "run again" not in said.stdout.lower()


def test_the_log_has_the_run_its_release_and_its_end(pooled):
    last = entries(pooled)[-5:]
    assert [one["event"] for one in last] == ["begin", "override", "release", "open", "end"]
    assert len({one["run"] for one in last}) == 1
    _, override, released, _, ended = last
    assert override["reason"] == "adjudicated grades: 1; people who decided: 1"
    assert override["overrides"] == released["overrides"] == ended["overrides"]
    assert ended["outcome"] == "released"
    assert released["inputs"].keys() == {f"{s}/{d}.csv" for s in ("S1", "S2") for d in ("dm", "ex", "ae")}
    assert {k: released[k] for k in ("release", "manifest", "settings", "inputs")} == {
        k: ended[k] for k in ("release", "manifest", "settings", "inputs")
    }
    pooled.crsight("verify", "--audit")


def test_a_run_that_changes_nothing_is_in_the_log_without_a_run(mine):
    mine.crsight("run", "POOLED")
    last = entries(mine)[-1]
    assert (last["event"], last["outcome"], last["reason"]) == ("end", "released", "unchanged")
    assert "run" not in last


def test_a_refusal_is_in_the_log_with_its_reason_and_inputs_and_no_subject(mine):
    deliver(mine, "S1", cut="2026-05-31", dm=DM + "{study},DM,{study}-1,1,50,2026-03-01\n")
    mine.crsight("run", "S1", expect=1)
    last = entries(mine)[-1]
    assert (last["study"], last["outcome"]) == ("S1", "refused")
    assert "dm.csv" in last["reason"]
    assert last["inputs"].keys() == {"dm.csv", "ex.csv", "ae.csv"}
    assert "S1-1" not in json.dumps(last)


def test_a_release_says_which_line_of_the_log_stood_there(mine):
    manifest = json.loads((mine.release("POOLED") / "manifest.json").read_text())
    lines = (mine.home / "audit.jsonl").read_bytes().splitlines(keepends=True)
    (mine.home / "audit.jsonl").write_bytes(b"".join(lines[1:]))
    assert manifest["audit"]["line"] == len(lines) - 3
    said = mine.crsight("verify", "--audit", expect=1)
    assert "line 1 is missing: entry 2 stands in its place" in said.stdout


@pytest.mark.parametrize("arguments", [[], ["POOLED", "--audit"], ["--audit", "--reproduce"], ["NONE"]])
def test_wrong_usage_is_told_apart_from_a_difference(pooled, arguments):
    assert pooled.crsight("verify", *arguments, expect=2).stderr.startswith("Usage:")


def test_every_document_says_one_run_and_one_time(pooled):
    folder = pooled.release("POOLED")
    run = json.loads((folder / "manifest.json").read_text())["run"]
    at = run["at"].replace("T", " ").replace("+00:00", " UTC")
    for name in ("report-closed.html", "report-open.html", "tables.rtf"):
        assert f"{run['id']}" in (folder / name).read_text()
        assert at in (folder / name).read_text()


def test_an_adjudicated_grade_is_released_beside_the_reported_one(pooled):
    found = pooled.ask("POOLED", "select adjudicated_grade, reported_grade, adjudicator, line from adjudications")
    assert found.rows() == [(1, 2, "Committee", 2)]
    assert pooled.ask("POOLED", "select grade from adcrs where usubjid = 'S1-1' and source = 'reported'").item() == 2
    assert "Hypotension was there before" in pooled.crsight("explain", "S1-1").stdout
    closed, open_ = ((pooled.release("POOLED") / f"report-{who}.html").read_text() for who in ("closed", "open"))
    assert "Hypotension was there before" in closed
    assert "Hypotension was there before" not in open_


def test_a_changed_adjudication_is_a_release_to_be_made(mine):
    site = Site(home=mine.home, studies=mine.studies)
    assert standing.standing(site, "POOLED") == mine.release("POOLED")
    (mine.studies / "S1/adjudication.csv").write_text(ADJUDICATED.replace(",1,Hyp", ",3,Hyp"))
    assert standing.standing(site, "POOLED") is None


def test_an_adjudicated_episode_that_is_not_there_is_refused(mine):
    (mine.studies / "S1/adjudication.csv").write_text(ADJUDICATED.replace("S1-1,1,", "S1-1,4,"))
    said = mine.crsight("run", "S1", expect=1).stderr
    assert "adjudication.csv names an episode that is not there; name it by its number in adcrs" in said
    assert '"episode": 4' in said
    assert '"line": 2' in said
    assert "S1-1" not in said


@pytest.mark.parametrize("command", ["run", "check"])
def test_an_adjudicated_subject_that_is_not_there_is_refused(mine, command):
    (mine.studies / "S1/adjudication.csv").write_text(ADJUDICATED.replace("S1-1,", "S1-9,"))
    said = mine.crsight(command, "S1", expect=1)
    assert "adjudication.csv: line 2: there is no such subject in DM" in said.stdout + said.stderr
