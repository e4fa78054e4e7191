"""Whole runs under faults of the machine, for ``make faults``: each leaves the last release, and the next run recovers.

A full disk and a folder that may not be written are real ones where this may mount; elsewhere a limit and modes do.
"""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from tests.end_to_end.conftest import Line
from tests.end_to_end.test_refusals import STUDY_YAML, deliver
from tests.faults.standing import refuted

STUDY = "S1"
DISK_MB, LEFT_BYTES = 400, 3_000_000
# Long after any of these tests.
LATER = 4_102_444_800


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[tuple[Path, bool]]:
    """A folder, on a small disk of its own where this may mount one, and whether it is."""
    folder = tmp_path_factory.mktemp("disk")
    is_disk = _mounted("-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder))
    yield folder, is_disk
    if is_disk:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(scope="module")
def line(place) -> Line:
    """A study that was run once, and from then on again after each fault."""
    folder, _ = place
    (folder / "studies").mkdir()
    line = Line(home=folder / "home", studies=folder / "studies")
    deliver(line, STUDY)
    line.crsight("run", STUDY)
    return line


def _mounted(*arguments: str) -> bool:
    return os.getuid() == 0 and subprocess.run(["mount", *arguments], capture_output=True).returncode == 0


def change(line: Line, title: str) -> None:
    """Another setting, so that there is something to run for."""
    text = STUDY_YAML.format(study=STUDY) + f"title: {title}\ngrading: {{episode_gap_days: {len(title)}}}\n"
    (line.studies / STUDY / "study.yaml").write_text(text)


def recovers(line: Line, title: str) -> str:
    """What the next run says, once its release is seen to be the newest and whole."""
    said = line.crsight("run", STUDY)
    assert line.ask(STUDY, "select title from studies").item() == title
    assert refuted(line, STUDY) == []
    line.crsight("verify", STUDY)
    return said.stderr


def fails(line: Line, sentence: str) -> None:
    """The run ends with 3 and this sentence; the last release stands."""
    before = line.release(STUDY)
    said = line.crsight("run", STUDY, expect=3)
    assert sentence in said.stderr, said.stderr
    assert "Traceback" not in said.stderr
    assert line.release(STUDY) == before
    assert refuted(line, STUDY) == []


@contextmanager
def full(folder: Path, is_disk: bool) -> Iterator[None]:
    if is_disk:
        free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
        with (folder / "filler").open("wb") as file:
            file.write(bytes(free - LEFT_BYTES))
        yield
        (folder / "filler").unlink()
    else:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (LEFT_BYTES, hard))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    if _mounted("--bind", str(folder), str(folder)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
        subprocess.run(["umount", str(folder)], check=True)
    else:
        folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
        modes = {path: path.stat().st_mode for path in folders}
        for path in folders:
            path.chmod(0o500)
        yield
        for path, mode in modes.items():
            path.chmod(mode)


def test_a_disk_that_fills(line, place):
    change(line, "after the full disk")
    with full(*place):
        fails(line, "the disk is full (")
    recovers(line, "after the full disk")


def test_a_folder_that_may_not_be_written(line):
    change(line, "after the closed folder")
    with read_only(line.home):
        fails(line, "no right to read or write (")
    recovers(line, "after the closed folder")


@pytest.mark.parametrize("at", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_a_damaged_warehouse(line, at):
    change(line, f"after damage at {at}")
    path = line.home / "warehouse" / f"{STUDY}.duckdb"
    raw = bytearray(path.read_bytes())
    place = int(at * len(raw))
    # At the end nothing is left to be overwritten: there the file is cut short.
    raw = raw[: len(raw) // 2] if at == 1 else raw[:place] + Random(1).randbytes(200_000) + raw[place + 200_000 :]
    path.write_bytes(raw)
    said = recovers(line, f"after damage at {at}")
    # Elsewhere it may have been a place that nothing is in.
    assert at not in (0.0, 1.0) or f"Damaged: {path} (" in said


def test_a_damaged_raw_layer(line):
    change(line, "after the raw layer")
    [raw] = (line.home / "raw" / STUDY).iterdir()
    (raw / "dm.parquet").write_bytes(b"no Parquet")
    assert f"Damaged: {raw}: dm.parquet; read again from the transfer." in recovers(line, "after the raw layer")


def test_a_clock_that_jumped_back(line):
    before = line.release(STUDY)
    for path in line.home.rglob("*"):
        os.utime(path, (LATER, LATER), follow_symlinks=False)
    change(line, "after the clock")
    recovers(line, "after the clock")
    number = int(before.name.rpartition("-r")[2])
    assert line.release(STUDY).name == before.name.replace(f"-r{number}", f"-r{number + 1}")
    line.crsight("diff", STUDY, before.name, line.release(STUDY).name)
