"""A disk that fills, files that change or are damaged while nobody looks, a clock that jumps back."""

import errno
import os
import resource
from contextlib import contextmanager

import pytest

from pipelines import room, running
from pipelines.errors import Refused
from pipelines.formats import FormatError
from pipelines.ingest import RawCut, ingest, one_file, transfer
from pipelines.ingest.ledger import HALFWAY, LEDGER
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
    opened = one_file.open_dataset

    def open_and_change(path):
        dataset = opened(path)
        path.write_text(ROWS + "S1,S1-2\n")
        return dataset

    monkeypatch.setattr(one_file, "open_dataset", open_and_change)
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


def test_a_run_that_was_stopped_goes_on_with_the_files_that_it_had_not_read(delivered, monkeypatch):
    """What was read whole is not read again, unless it or its Parquet is another now."""

    def stop_at_ex(path):
        if path.name == "ex.csv":
            raise KeyboardInterrupt
        return opened(path)

    opened = one_file.open_dataset
    monkeypatch.setattr(transfer, "_AT_A_TIME", 1)
    monkeypatch.setattr(one_file, "open_dataset", stop_at_ex)
    with pytest.raises(KeyboardInterrupt):
        ingested(delivered)
    monkeypatch.undo()
    read: list[str] = []
    monkeypatch.setattr(one_file, "open_dataset", lambda path: read.append(path.name) or opened(path))
    made = ingested(delivered)
    assert (read, [file.rows for file in made.files]) == (["ex.csv"], [1, 1])
    assert (sorted(file.name for file in made.folder.iterdir()), ingested(delivered)) == (
        ["dm.parquet", "ex.parquet", LEDGER],
        made,
    )


@pytest.mark.parametrize("damage", ["source", "parquet"])
def test_a_file_that_is_another_since_the_run_was_stopped_is_read_again(delivered, monkeypatch, damage):
    first = ingested(delivered)
    (first.folder / LEDGER).rename(first.folder / HALFWAY)
    source = delivered.studies / STUDY / "transfers" / "2026-03-31" / "dm.csv"
    changed = source if damage == "source" else first.folder / "dm.parquet"
    changed.write_text(ROWS + "S1,S1-2\n")
    assert [file.rows for file in ingested(delivered).files] == [2 if damage == "source" else 1, 1]


def test_of_several_files_that_cannot_be_read_the_first_of_the_transfer_is_told(delivered):
    folder = delivered.studies / STUDY / "transfers" / "2026-03-31"
    for name in ("dm.csv", "ex.csv"):
        (folder / name).write_text(ROWS + "S1\n")
    with pytest.raises(FormatError, match=r"dm.csv: row 2: 1 values for 2 columns"):
        ingested(delivered)


def test_a_disk_without_room_is_told_before_anything_is_begun(delivered, monkeypatch):
    [one] = transfers(delivered.studies, STUDY)
    monkeypatch.setattr(room, "_PLAIN", 1e9)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: room.shutil._ntuple_diskusage(0, 0, 2 * 10**9))
    with pytest.raises(room.LittleRoom, match=r"a run needs about \d+ GB here and finds 2 GB; make room"):
        room.refuse_little_room(delivered, [one])
    monkeypatch.setattr(room, "_PLAIN", 1.5)
    room.refuse_little_room(delivered, [one])


def test_what_duckdb_spills_goes_where_it_is_told(tmp_path):
    site = Site(home=tmp_path / "home", studies=tmp_path, spill=tmp_path / "elsewhere")
    with site.warehouse.open("S1") as db:
        assert db.sql("select current_setting('temp_directory')").fetchall() == [(str(tmp_path / "elsewhere"),)]
