"""Published whole or not at all; a release never changes."""

import json
import shutil

import duckdb
import polars as pl
import pytest

from pipelines import release
from pipelines.in_place import current
from pipelines.release import publish
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
        yield db


def document(tmp_path, text):
    path = tmp_path / "report-closed.html"
    path.write_text(text)
    return path


def test_current_points_at_what_was_published(warehouse, tmp_path):
    made = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], "run-1")
    assert made.is_new
    assert current(tmp_path / "releases") == made.folder
    assert made.folder.name == "2026-06-30"
    with duckdb.connect(made.folder / "crs.duckdb", read_only=True) as db:
        assert db.execute("select usubjid from adsl order by all").fetchall() == [("P0",), ("P1",)]


def test_the_same_inputs_settings_and_code_are_the_same_release(warehouse, tmp_path):
    first = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], "run-1")
    second = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "two")], "run-2")
    assert (second.is_new, second.folder) == (False, first.folder)
    assert (first.folder / "report-closed.html").read_text() == "one"


def test_another_setting_makes_another_release_of_the_same_cut(warehouse, tmp_path):
    first = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], "run-1")
    insert(
        warehouse, "study.settings", pl.DataFrame([{"studyid": "S1", "key": "grading.episode_gap_days", "value": "0"}])
    )
    second = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "two")], "run-2")
    assert second.folder.name == "2026-06-30-r2"
    assert current(tmp_path / "releases") == second.folder
    assert (first.folder / "report-closed.html").read_text() == "one"


def test_a_run_that_dies_while_publishing_leaves_the_last_release(warehouse, tmp_path, monkeypatch):
    first = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], "run-1")
    insert(warehouse, "study.settings", pl.DataFrame([{"studyid": "S1", "key": "k", "value": "v"}]))

    def die(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(release, "_write_manifest", die)
    with pytest.raises(OSError, match="no space"):
        publish(warehouse, tmp_path / "releases", [], [], "run-2")
    assert current(tmp_path / "releases") == first.folder
    monkeypatch.undo()
    assert publish(warehouse, tmp_path / "releases", [], [], "run-3").folder.name == "2026-06-30-r2"


def test_the_manifest_names_every_file_but_itself(warehouse, tmp_path):
    made = publish(warehouse, tmp_path / "releases", [], [document(tmp_path, "one")], "run-1")
    manifest = json.loads((made.folder / "manifest.json").read_text())
    there = {p.relative_to(made.folder).as_posix() for p in made.folder.rglob("*") if p.is_file()}
    assert manifest["outputs"].keys() == there - {"manifest.json"}
    assert manifest["run"]["id"] == "run-1"
