"""A disk that fills, files that change or are damaged while nobody looks, a clock that jumps back."""

import errno
import os
import resource
from contextlib import contextmanager

import pytest

from pipelines import ingest as ingesting
from pipelines import running
from pipelines.errors import Refused
from pipelines.ingest import RawCut, ingest
from pipelines.ledger import LEDGER
from pipelines.machine import fault_of_machine
from pipelines.ran import Ran
from pipelines.site import Site
from pipelines.studies import transfers
from tests.end_to_end.conftest import said_by
from tests.faults.publishing import STUDY, publish_number
from tests.faults.whole import not_as_published, releases_in
from tests.unit.released_tables import build_released
from tests.unit.study_folders import SHORTEST

ROWS = "STUDYID,USUBJID\nS1,S1-1\n"
# Long after any of these tests.
LATER = 4_102_444_800


@pytest.fixture
def delivered(tmp_path):
    """A study with a transfer, and where its home will be."""
    folder = tmp_path / "studies" / STUDY / "transfers" / "2026-03-31"
    folder.mkdir(parents=True)
    for name in ("dm.csv", "ex.csv", "_COMPLETE"):
        (folder / name).write_text(ROWS)
    (tmp_path / "studies" / STUDY / "study.yaml").write_text(SHORTEST)
    return Site(home=tmp_path / "home", studies=tmp_path / "studies")


def ingested(site: Site) -> RawCut:
    [transfer] = transfers(site.studies, STUDY)
    return ingest(transfer, site.home)


def test_a_file_that_changes_while_it_is_read_is_refused_and_read_the_next_time(delivered, monkeypatch):
    opened = ingesting.open_dataset

    def open_and_change(path):
        dataset = opened(path)
        path.write_text(ROWS + "S1,S1-2\n")
        return dataset

    monkeypatch.setattr(ingesting, "open_dataset", open_and_change)
    with pytest.raises(
        Refused, match=r"S1, transfer 2026-03-31: dm.csv changed while it was read \(SHA-256 was \w+, is"
    ):
        ingested(delivered)
    monkeypatch.undo()
    assert [file.rows for file in ingested(delivered).files] == [2, 2]


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "dm.parquet").unlink(),
        lambda folder: (folder / "dm.parquet").write_bytes((folder / "dm.parquet").read_bytes()[:-9]),
        lambda folder: (folder / LEDGER).write_text('{"raw_version": '),
    ],
    ids=["gone", "cut short", "ledger"],
)
def test_a_damaged_raw_layer_is_told_and_read_again_from_the_transfer(delivered, capsys, damage):
    first = ingested(delivered)
    before = (first.folder / "dm.parquet").read_bytes()
    damage(first.folder)
    assert ingested(delivered) == first
    assert capsys.readouterr().err.startswith(f"Damaged: {first.folder}")
    assert (first.folder / "dm.parquet").read_bytes() == before
    assert (ingested(delivered), capsys.readouterr().err) == (first, "")


def test_a_damaged_warehouse_is_told_put_aside_and_made_anew(delivered, capsys, monkeypatch):
    path = delivered.warehouse.path(STUDY)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"damaged")
    damage = Ran(study=STUDY, outcome="broken", reason="Error: Corrupt database file: checksum", release="", run_id="1")
    done = Ran(study=STUDY, outcome="refused", reason="made anew", release="", run_id="2")
    monkeypatch.setattr("pipelines.execution.execute", lambda site, study: damage if path.exists() else done)
    assert running.run_study(delivered, STUDY).reason == "made anew"
    assert "S1.duckdb (Error: Corrupt database file: checksum); made anew" in capsys.readouterr().err
    assert path.with_suffix(".damaged").read_bytes() == b"damaged"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full (OSError: [Errno 28] No space left on device: 'x'); make room"),
        (errno.EROFS, "no right to read or write (OSError: [Errno 30] Read-only file system: 'x'); give it to"),
        (errno.EACCES, "no right to read or write (PermissionError: [Errno 13] Permission denied: 'x'); give it to"),
    ],
)
def test_a_fault_of_the_machine_is_told_as_one(number, said, monkeypatch, tmp_path):
    error = OSError(number, os.strerror(number), "x")

    def fail(*_):
        raise error

    monkeypatch.setattr("pipelines.status.status", fail)
    told = said_by(["status", "--home", str(tmp_path)])
    assert (told.returncode, told.stderr.startswith(f"Not done: {said}")) == (3, True), told.stderr


def test_another_fault_is_none_of_the_machine():
    assert fault_of_machine("ValueError: there is no space between these") is None


@contextmanager
def no_file_longer_than(size: int):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_last_release_stands_when_the_disk_fills_and_the_clock_jumped_back(tmp_path):
    build_released(tmp_path / f"{STUDY}.duckdb")
    first = publish_number(tmp_path, 1)
    for path in (first, *first.rglob("*")):
        os.utime(path, (LATER, LATER))
    with no_file_longer_than(100_000), pytest.raises(Exception, match=r"File too large") as error:
        publish_number(tmp_path, 2)
    assert "the disk is full" in (fault_of_machine(str(error.value)) or "")
    assert releases_in(tmp_path / "releases") == [first]
    second = publish_number(tmp_path, 2)
    assert (tmp_path / "releases" / "current").resolve() == second
    assert (second.name, not_as_published(first), not_as_published(second)) == (f"{first.name}-r2", [], [])
