"""Releases of a tiny warehouse, one after another, each with its own number in its settings and its report.

Run as ``python -m tests.faults.publishing FOLDER KILLS SEED``: publishers are killed at random moments, and the last line
says how many were killed and what was wrong after one. This process itself never opens a database, so that its copies
can.
"""

import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import duckdb
import polars as pl

from pipelines.audit import Log
from pipelines.release import publish
from pipelines.stamp import Stamp, write_stamp
from pipelines.warehouse import insert
from tests.faults.whole import not_as_published, releases_in

STUDY, NUMBER = "S1", "number"


def publish_number(folder: Path, number: int) -> Path:
    """The release with this number, of the warehouse in the folder."""
    report = folder / "report-closed.html"
    report.write_text(str(number))
    with duckdb.connect(folder / f"{STUDY}.duckdb") as db:
        db.execute("delete from study.settings where key = ?", [NUMBER])
        insert(db, "study.settings", pl.DataFrame([{"studyid": STUDY, "key": NUMBER, "value": str(number)}]))
        write_stamp(db, Stamp(run_id=f"run-{number}", at=datetime(2026, 7, 1, tzinfo=UTC)))
        return publish(db, folder / "releases", [], [report], Log(folder / "audit.jsonl")).folder


def main(folder: Path, kills: int, seed: int) -> None:
    """Kill so many publishers, letting every tenth end."""
    chance, killed, wrong, number = Random(seed), 0, [], 0
    lasts = _seconds_of(folder, number)
    while killed < kills and not wrong:
        number += 1
        is_let_go = number % 10 == 0
        status = _ended(folder, number, None if is_let_go else chance.uniform(0, lasts))
        killed += os.WIFSIGNALED(status)
        wrong = [f"exit {status}"] if is_let_go and status else _wrong(folder)
    wrong = wrong or ([] if _ended(folder, number + 1, None) == 0 else ["the last publisher failed"])
    print(json.dumps({"killed": killed, "wrong": wrong, "number": number + 1}))


def _seconds_of(folder: Path, number: int) -> float:
    began = time.monotonic()
    _ended(folder, number, None)
    return time.monotonic() - began


def _ended(folder: Path, number: int, after: float | None) -> int:
    """How a publisher ended that was killed after so many seconds, or let go."""
    child = os.fork()
    if not child:
        try:
            publish_number(folder, number)
            os._exit(0)
        finally:
            os._exit(1)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _wrong(folder: Path) -> list[str]:
    """What is wrong with the releases there are."""
    current = (folder / "releases" / "current").resolve()
    there = releases_in(folder / "releases")
    missing = [] if current in there else [f"current is {current}"]
    return [*missing, *(problem for release in there for problem in not_as_published(release))]


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]), int(sys.argv[3]))
