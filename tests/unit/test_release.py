"""Published whole or not at all; a release never changes."""

import json
import shutil
from datetime import UTC, datetime

import duckdb
import polars as pl
import pytest

from pipelines import release
from pipelines.audit import Log, check
from pipelines.in_place import current
from pipelines.ingest import sha256
from pipelines.release import publish
from pipelines.stamp import Stamp, write_stamp
from pipelines.warehouse import insert
from tests.unit.released_tables import build_released, fill_all


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    path = tmp_path_factory.mktemp("released") / "S1.duckdb"
    build_released(path)
    return path


@pytest.fixture
def warehouse(empty, tmp_path):
    shutil.copyfile(empty, tmp_path / "S1.duckdb")
    with duckdb.connect(tmp_path / "S1.duckdb") as db:
        fill_all(db)
        write_stamp(db, Stamp(run_id="run-1", at=datetime(2026, 7, 1, 12, 30, tzinfo=UTC)))
        yield db


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path / "audit.jsonl")


def document(tmp_path, text):
    path = tmp_path / "report-closed.html"
    path.write_text(text)
    return path


def test_current_points_at_what_was_published(warehouse, tmp_path, log):
    made = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], log)
    assert made.is_new
    assert current(tmp_path / "releases") == made.folder
    assert made.folder.name == "2026-06-30"
    with duckdb.connect(made.folder / "crs.duckdb", read_only=True) as db:
        assert db.execute("select usubjid from adsl order by all").fetchall() == [("P0",), ("P1",)]


def test_the_same_inputs_settings_and_code_are_the_same_release(warehouse, tmp_path, log):
    first = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], log)
    second = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "two")], log)
    assert (second.is_new, second.folder) == (False, first.folder)
    assert (first.folder / "report-closed.html").read_text() == "one"


def test_another_setting_makes_another_release_of_the_same_cut(warehouse, tmp_path, log):
    first = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], log)
    insert(
        warehouse, "study.settings", pl.DataFrame([{"studyid": "S1", "key": "grading.episode_gap_days", "value": "0"}])
    )
    second = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "two")], log)
    assert second.folder.name == "2026-06-30-r2"
    assert current(tmp_path / "releases") == second.folder
    assert (first.folder / "report-closed.html").read_text() == "one"


def test_a_run_that_dies_while_publishing_leaves_the_last_release(warehouse, tmp_path, monkeypatch, log):
    first = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], log)
    insert(warehouse, "study.settings", pl.DataFrame([{"studyid": "S1", "key": "k", "value": "v"}]))

    def die(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(release, "write_manifest", die)
    with pytest.raises(OSError, match="no space"):
        publish(warehouse, tmp_path / "releases", [], [], log)
    assert current(tmp_path / "releases") == first.folder
    monkeypatch.undo()
    assert publish(warehouse, tmp_path / "releases", [], [], log).folder.name == "2026-06-30-r2"


def test_the_manifest_names_every_file_but_itself(warehouse, tmp_path, log):
    made = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], log)
    manifest = json.loads((made.folder / "manifest.json").read_text())
    there = {p.relative_to(made.folder).as_posix() for p in made.folder.rglob("*") if p.is_file()}
    assert manifest["outputs"].keys() == there - {"manifest.json"}
    assert manifest["run"] | {"by": ""} == {
        "id": "run-1",
        "by": "",
        "at": "2026-07-01T12:30:00+00:00",
        "engine": "duckdb",
    }


def test_the_audit_log_knows_each_release_by_the_hash_of_its_manifest(warehouse, tmp_path, log):
    made = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], log)
    [line] = check(log.path).lines
    assert line.said["event"] == "release"
    assert (line.said["release"], line.said["manifest"]) == ("2026-06-30", sha256(made.folder / "manifest.json"))


def test_nothing_is_released_that_the_audit_log_was_not_told_of(warehouse, tmp_path):
    (tmp_path / "full").write_text("a file, in which no log can be")
    with pytest.raises(OSError, match="full"):
        publish(warehouse, tmp_path / "releases", [], [], Log(tmp_path / "full" / "audit.jsonl"))
    assert current(tmp_path / "releases") is None
