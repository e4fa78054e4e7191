"""Whether a study is due."""

import json
import os

import pytest

from pipelines.automation import due
from pipelines.automation.due import look
from pipelines.automation.hashes import Remembered
from pipelines.ingest import sha256
from pipelines.one_at_a_time import alone
from pipelines.site import Site
from pipelines.standing import identity_of_files

STUDY_YAML = "study: S1\ntherapy: {classes: {A: [DRUG]}}\n"


@pytest.fixture
def site(tmp_path):
    """A study with one complete transfer and no release."""
    site = Site(home=tmp_path / "home", studies=tmp_path / "studies")
    deliver(site, "S1", "2026-03-31")
    return site


def deliver(site, study, cut, dm="USUBJID\n1\n", is_complete=True):
    folder = site.studies / study / "transfers" / cut
    folder.mkdir(parents=True)
    (site.studies / study / "study.yaml").write_text(STUDY_YAML.replace("S1", study))
    (folder / "dm.csv").write_text(dm)
    if is_complete:
        (folder / "_COMPLETE").touch()
    return folder


def publish(site, study, name):
    """A release of what the study's folder now holds."""
    folder = site.release_folder(study)
    (folder / name).mkdir(parents=True)
    (folder / name / "manifest.json").write_text(json.dumps({"identity": identity_of_files(site, study)}))
    (folder / "current").unlink(missing_ok=True)
    (folder / "current").symlink_to(name)


def test_a_complete_transfer_is_due_by_its_content(site):
    found = look(site, "S1")
    assert (found.cut, found.why) == ("2026-03-31", "")
    assert found.key == f"S1-{found.content}"
    os.utime(site.studies / "S1/transfers/2026-03-31/dm.csv", (0, 0))
    assert look(site, "S1") == found


def test_a_transfer_that_is_still_written_is_left_alone(site):
    before = look(site, "S1")
    deliver(site, "S1", "2026-04-30", is_complete=False)
    assert look(site, "S1") == before


def test_without_a_complete_transfer_nothing_is_due(site):
    (site.studies / "S1/transfers/2026-03-31/_COMPLETE").unlink()
    found = look(site, "S1")
    assert found.content == ""
    assert found.why == "S1: there is no complete transfer; transfers/ has 2026-03-31 (no _COMPLETE)."


def test_a_release_that_stands_is_not_made_again(site):
    publish(site, "S1", "2026-03-31")
    found = look(site, "S1")
    assert (found.content, found.why) == ("", "S1: 2026-03-31 stands.")


@pytest.mark.parametrize("what", ["a transfer", "the settings", "the code"])
def test_what_a_release_was_not_made_of_is_due_once(site, monkeypatch, what):
    publish(site, "S1", "2026-03-31")
    match what:
        case "a transfer":
            deliver(site, "S1", "2026-04-30")
        case "the settings":
            (site.studies / "S1/study.yaml").write_text(STUDY_YAML + "grading: {episode_gap_days: 3}\n")
        case "the code":
            monkeypatch.setattr("pipelines.standing.code_version", lambda: "another")
    first, second = look(site, "S1"), look(site, "S1")
    assert first.content
    assert first == second


def test_settings_that_were_changed_and_changed_back_are_due_again(site):
    first = look(site, "S1")
    publish(site, "S1", "2026-03-31")
    (site.studies / "S1/study.yaml").write_text(STUDY_YAML + "grading: {episode_gap_days: 3}\n")
    publish(site, "S1", "2026-03-31-r2")
    (site.studies / "S1/study.yaml").write_text(STUDY_YAML)
    again = look(site, "S1")
    assert again.content
    assert again.key != first.key


@pytest.mark.parametrize("settings", ["study: S1\n", "no: [yaml", "\0"])
def test_a_study_yaml_that_is_wrong_is_due_so_that_its_run_says_why(site, settings):
    (site.studies / "S1/study.yaml").write_text(settings)
    first, second = look(site, "S1"), look(site, "S1")
    assert first.content
    assert first == second


def test_a_folder_that_cannot_be_read_is_due_so_that_its_run_says_why(site, monkeypatch):
    def fails(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(due, "identity_of_files", fails)
    assert look(site, "S1").content


def test_a_damaged_release_is_due_so_that_its_run_says_why(site):
    publish(site, "S1", "2026-03-31")
    (site.release_folder("S1") / "2026-03-31/manifest.json").unlink()
    assert look(site, "S1").content


def test_a_study_in_hand_is_not_due(site):
    with alone(site.lock("S1")):
        found = look(site, "S1")
    assert found.content == ""
    assert found.why.startswith("S1: a run is under way since ")


def test_pooled_is_due_when_one_of_its_studies_is(site):
    deliver(site, "S2", "2026-03-31")
    publish(site, "POOLED", "2026-03-31")
    assert look(site, "POOLED").why == "POOLED: 2026-03-31 stands."
    deliver(site, "S2", "2026-04-30")
    assert look(site, "POOLED").cut == "2026-04-30"


def test_pooled_waits_for_a_study_without_a_transfer(site):
    folder = deliver(site, "S2", "2026-03-31", is_complete=False)
    assert look(site, "POOLED").why == "S2: there is no complete transfer; transfers/ has 2026-03-31 (no _COMPLETE)."
    (folder / "_COMPLETE").touch()
    assert look(site, "POOLED").content


def test_an_unchanged_file_is_not_read_again(site, monkeypatch, tmp_path):
    file = site.studies / "S1/transfers/2026-03-31/dm.csv"
    digest = Remembered(tmp_path / "hashes.json")(file)
    monkeypatch.setattr("pipelines.automation.hashes.sha256", lambda _: pytest.fail("the file was read again"))
    assert Remembered(tmp_path / "hashes.json")(file) == digest


def test_what_was_half_written_is_not_believed(site, tmp_path):
    file = site.studies / "S1/transfers/2026-03-31/dm.csv"
    (tmp_path / "hashes.json").write_text('{"half')
    assert Remembered(tmp_path / "hashes.json")(file) == sha256(file)


def test_a_change_with_the_old_size_and_time_is_seen(site, tmp_path):
    file = site.studies / "S1/transfers/2026-03-31/dm.csv"
    remembered, before = Remembered(tmp_path / "hashes.json"), file.stat()
    digest = remembered(file)
    file.write_text(file.read_text().replace("1", "2"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert remembered(file) != digest
