"""A release against its manifest and the audit log: whatever was done to it afterwards is told."""

import json
import shutil
from datetime import UTC, datetime

import duckdb
import polars as pl
import pytest

from pipelines.audit import Entry
from pipelines.blinding.release import publish_open
from pipelines.described import read_written
from pipelines.errors import WrongUsage
from pipelines.progress import Progress
from pipelines.release import STORAGE_VERSION, publish
from pipelines.site import SQL, Site
from pipelines.stamp import Stamp, write_stamp
from pipelines.verifying import verify, verify_log
from pipelines.verifying.contents import verify_again
from pipelines.warehouse import insert
from tests.unit.released_tables import build_released, fill_all

ARD = next(table for table in read_written(SQL) if table.name == "analysis.ard")


def released(db, site, run_id):
    """A release of the study, and the end of its run."""
    write_stamp(db, Stamp(run_id=run_id, at=datetime(2026, 7, 1, 12, 30, tzinfo=UTC)))
    document = site.home / "report-closed.html"
    document.parent.mkdir(exist_ok=True)
    opened = site.home / "report-open.html"
    for path in (document, opened):
        path.write_text(f"drawn by {run_id}")
    made = publish(db, site.release_folder("S1"), [], [document, opened], site.audit)
    publish_open(db, made.folder, site.open_folder("S1"), ARD, STORAGE_VERSION, site.audit)
    site.audit.append(Entry(event="end", study="S1", run=run_id, outcome="released"))
    return made.folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A home with two releases of one study, of the same tables but one more setting in the later."""
    folder = tmp_path_factory.mktemp("kept")
    build_released(folder / "S1.duckdb")
    site = Site(home=folder / "home", studies=folder)
    with duckdb.connect(folder / "S1.duckdb") as db:
        fill_all(db)
        released(db, site, "run-1")
        insert(db, "study.settings", pl.DataFrame([{"studyid": "S1", "key": "dose.by", "value": "level"}]))
        released(db, site, "run-2")
    return site.home


@pytest.fixture
def site(kept, tmp_path):
    shutil.copytree(kept, tmp_path / "home", symlinks=True)
    return Site(home=tmp_path / "home", studies=tmp_path)


def found(site, asked="S1"):
    with Progress(quiet=True) as progress:
        return verify(site, asked, progress)


@pytest.mark.parametrize("asked", ["S1", "S1/current", "S1/2026-06-30", "S1/2026-06-30-r2"])
def test_a_release_that_nobody_touched_holds(site, asked):
    assert (found(site, asked).differs, found(site, asked).remarks) == ((), ())


def test_a_release_that_was_copied_elsewhere_holds_without_its_log(site, tmp_path):
    shutil.copytree(site.release_folder("S1") / "2026-06-30", tmp_path / "copied")
    told = found(site, str(tmp_path / "copied"))
    assert told.holds
    assert "whose audit log was not asked" in told.remarks[0]


def test_a_release_by_its_path_is_held_against_the_log_of_its_home(site):
    assert any("audit log" in line for line in found(site, str(site.release_folder("S1") / "current")).checked)


@pytest.mark.parametrize("name", ["report-closed.html", "datasets/define.xml", "crs.duckdb"])
def test_a_byte_more_in_any_file_is_told(site, name):
    path = site.release_folder("S1") / "current" / name
    path.write_bytes(path.read_bytes() + b" ")
    [differs] = found(site).differs
    assert differs.startswith(f"{name} has changed: its SHA-256 was ")


def test_a_file_that_is_gone_is_told(site):
    (site.release_folder("S1") / "current/datasets/adsl.xpt").unlink()
    assert found(site).differs == ("datasets/adsl.xpt is missing.",)


def test_a_file_that_the_manifest_does_not_know_is_told(site):
    (site.release_folder("S1") / "current/datasets/.notes").touch()
    assert found(site).differs == ("datasets/.notes is not in manifest.json.",)


def test_a_link_in_place_of_a_file_is_told(site, tmp_path):
    path = site.release_folder("S1") / "current/report-closed.html"
    path.rename(tmp_path / "moved.html")
    path.symlink_to(tmp_path / "moved.html")
    assert found(site).differs == ("report-closed.html is a link, not the file that was released.",)


def test_a_manifest_that_is_no_json_is_told(site):
    (site.release_folder("S1") / "current/manifest.json").write_text("{")
    assert found(site).differs[0].startswith("manifest.json cannot be read")


def test_a_manifest_changed_along_with_its_file_is_told_by_the_log(site):
    path = site.release_folder("S1") / "current/manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"run": {"id": "another"}}))
    [differs] = found(site).differs
    assert "the audit log knows" in differs


def test_a_current_that_points_elsewhere_is_told(site, tmp_path):
    link = site.release_folder("S1") / "current"
    shutil.copytree(link.resolve(), tmp_path / "elsewhere")
    link.unlink()
    link.symlink_to(tmp_path / "elsewhere")
    assert "which is no release beside it" in found(site, "S1/2026-06-30").differs[0]


def test_a_current_that_is_a_folder_is_told(site):
    link = site.release_folder("S1") / "current"
    target = link.resolve()
    link.unlink()
    shutil.copytree(target, link)
    assert "current is no link" in found(site, "S1/2026-06-30").differs[0]


@pytest.mark.parametrize("asked", ["S2", "S1/2026-07-31", "S1/../S1/2026-06-30", "nowhere/at/all", ""])
def test_what_is_no_release_is_wrong_usage_that_names_those_there_are(site, asked):
    with pytest.raises(WrongUsage, match=r"S1|2026-06-30-r2"):
        found(site, asked)


def test_a_log_that_nobody_touched_holds_with_all_releases(site):
    assert (verify_log(site).differs, verify_log(site).remarks) == ((), ())


def test_a_log_written_anew_contradicts_the_releases(site):
    lines = [json.loads(line) for line in site.audit.path.read_text().splitlines()]
    site.audit.path.unlink()
    for line in lines:
        kept = {name: value for name, value in line.items() if name not in ("before", "number", "at", "by")}
        site.audit.append(Entry(**kept | {"reason": "another"}))
    [differs] = verify_log(site).differs
    assert "S1/2026-06-30-r2: line 3 of the audit log is not the one that stood there" in differs


def test_a_log_cut_off_behind_contradicts_the_releases(site):
    lines = site.audit.path.read_bytes().splitlines(keepends=True)
    site.audit.path.write_bytes(b"".join(lines[:2]))
    told = [line.split(":")[0] for line in verify_log(site).differs]
    assert told == ["S1/2026-06-30-r2", "open/S1/2026-06-30-r2"]


def test_a_log_that_is_gone_is_told(site):
    site.audit.path.unlink()
    assert found(site).differs == ("audit.jsonl: there is no audit log; every run writes it.",)


def test_a_release_that_is_gone_is_told_by_the_log(site):
    shutil.rmtree(site.release_folder("S1") / "2026-06-30")
    assert verify_log(site).differs == ("S1/2026-06-30: the audit log names it, and it is not there.",)


def test_a_run_that_was_killed_before_its_release_was_there_is_a_remark(site):
    site.audit.append(Entry(event="release", study="S1", run="run-3", release="2026-06-30-r3", manifest="0"))
    assert (verify_log(site).differs, verify_log(site).remarks) == (
        (),
        ("S1/2026-06-30-r3: its run ended before it was there.",),
    )


def test_what_differs_between_two_makings_is_told_by_file_table_and_row(site):
    folder = site.release_folder("S1")
    told = verify_again(folder / "2026-06-30", folder / "2026-06-30-r2")
    assert list(told.differs) == [
        "crs.duckdb: settings: 0 rows do not come out again, 1 others do.",
        "report-closed.html differs when it is made again, first in byte 14.",
        "report-open.html differs when it is made again, first in byte 14.",
    ]


def test_an_open_release_that_was_touched_is_told(site):
    path = site.open_folder("S1") / "current/report-open.html"
    path.write_text("drawn by somebody else")
    [differs] = found(site).differs
    assert differs.startswith("open/report-open.html has changed: its SHA-256 was ")


def test_an_open_manifest_changed_along_with_its_file_is_told_by_the_log(site):
    path = site.open_folder("S1") / "current/manifest.json"
    path.write_text(path.read_text() + "\n")
    for told in (found(site), verify_log(site)):
        [differs] = told.differs
        assert differs.startswith("open/S1/2026-06-30-r2: manifest.json has the SHA-256 ")


def test_an_open_release_that_is_gone_is_told(site):
    shutil.rmtree(site.open_folder("S1") / "2026-06-30-r2")
    assert found(site).differs == ("open/S1/2026-06-30-r2 is not there.",)


def test_an_open_release_that_a_killed_run_never_made_is_a_remark(site):
    shutil.rmtree(site.open_folder("S1"))
    lines = site.audit.path.read_text().splitlines(keepends=True)
    site.audit.path.write_text("".join(lines[:-1]))
    told = found(site)
    assert told.holds
    assert told.remarks == ("open/S1/2026-06-30-r2: its run ended before it was there; the next run makes it.",)
