"""Dagster's own processes, as ``make dev`` starts them, on folders of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.end_to_end.conftest import Line
from tests.shared import ROOT

PATIENCE_SECONDS = 400


@contextmanager
def dev(line: Line, **settings: str) -> Iterator[Path]:
    """``dagster dev`` while inside; yields the file that it writes its words into."""
    home = line.home.parent / "dagster_home"
    home.mkdir()
    shutil.copy(ROOT / "dagster.yaml", home)
    command = ["dagster", "dev", "-m", "pipelines.definitions", "-h", "127.0.0.1", "-p", str(_free_port())]
    places = {"DAGSTER_HOME": home, "CRSIGHT_HOME": line.home, "CRSIGHT_STUDIES": line.studies, "PYTHONPATH": ROOT}
    environment = {**os.environ, **{name: str(path) for name, path in places.items()}, **settings}
    words = line.home.parent / "dagster.txt"
    with words.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], env=environment, stdout=out, stderr=out, start_new_session=True
        )
        try:
            yield words
        finally:
            _end(process)


def wait_for(what: str, found, words: Path):
    """What is found, once it is there."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        there = found()
        if there:
            return there
        time.sleep(0.5)
    raise AssertionError(f"waited in vain for {what}\n{words.read_text()[-5000:]}")


def _end(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGINT)
    # A run that is under way would go on without the others; the group is our own, for it began with this process.
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        return port.getsockname()[1]
