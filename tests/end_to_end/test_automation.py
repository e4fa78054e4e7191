"""What happens without a hand being lifted, with Dagster's real daemon as ``make dev`` starts it."""

import json
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from pipelines.one_at_a_time import holder
from pipelines.site import Site
from tests.end_to_end.conftest import Line
from tests.end_to_end.daemon import dev, wait_for
from tests.end_to_end.test_refusals import deliver

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("daemon")]

WRITES_DOWN = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + chr(10))"


@dataclass(frozen=True, kw_only=True)
class Daemon:
    """Dagster at work on a line, and what people were told."""

    line: Line
    told: Path
    words: Path

    def messages(self, study: str) -> list[dict[str, str]]:
        """What people were told of the study."""
        rows = self.told.read_text().splitlines() if self.told.exists() else []
        return [message for message in map(json.loads, rows) if message["study"] == study]

    def outcomes(self, study: str, number: int) -> list[tuple[str, str]]:
        """The cuts and outcomes that people were told of, once there are so many."""
        found = wait_for(
            f"{study}, {number} times",
            lambda: self.messages(study) if len(self.messages(study)) >= number else None,
            self.words,
        )
        return [(message["cut"], message["outcome"]) for message in found]


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    """Dagster, a study that is due and one that is not as it must be."""
    folder = tmp_path_factory.mktemp("daemon")
    line = Line(home=folder / "home", studies=folder / "studies")
    line.studies.mkdir()
    deliver(line, "S1", "2026-03-31")
    deliver(line, "S2", "2026-03-31", dm=None)
    told, hook = folder / "told.jsonl", folder / "hook.py"
    hook.write_text(WRITES_DOWN)
    settings = {
        "CRSIGHT_SECONDS": "2",
        "CRSIGHT_TELL": f"{sys.executable} {hook} {told}",
        "CRSIGHT_TELL_OF": "refused,broken,released",
    }
    with dev(line, **settings) as words:
        yield Daemon(line=line, told=told, words=words)


def test_a_second_transfer_becomes_a_release(daemon):
    first = daemon.line.studies / "S1/transfers/2026-03-31"
    assert daemon.outcomes("S1", 1) == [("2026-03-31", "released")]
    second = first.with_name("2026-04-30")
    shutil.copytree(first, second, ignore=shutil.ignore_patterns("_COMPLETE"))
    (second / "_COMPLETE").touch()
    assert daemon.outcomes("S1", 2)[1:] == [("2026-04-30", "released")]
    assert daemon.line.release("S1").name == "2026-04-30"


def test_a_refused_transfer_says_why_to_people_and_in_status_and_in_the_web_ui(daemon):
    assert daemon.outcomes("S2", 1) == [("2026-03-31", "refused")]
    reason = "S2, transfer 2026-03-31: there is no DM dataset; it is required."
    assert daemon.messages("S2")[0]["reason"] == reason
    home = daemon.line.home.parent / "dagster_home"
    with dg.DagsterInstance.from_config(str(home)) as instance:
        lines = [entry.message for entry in instance.all_logs(daemon.messages("S2")[0]["run"])]
    assert f"refused: {reason}" in lines
    [found] = [one for one in daemon.line.json("status") if one["study"] == "S2"]
    assert (found["state"], found["reason"]) == ("refused", reason)


def test_a_run_whose_process_is_killed_is_begun_again(daemon):
    deliver(daemon.line, "S3")
    lock = Site(home=daemon.line.home, studies=daemon.line.studies).lock("S3")

    def at_work(besides=0):
        found = holder(lock)
        return found.process if found and found.process != besides else None

    killed = wait_for("a run of S3", at_work, daemon.words)
    os.kill(killed, signal.SIGKILL)
    wait_for("another run of S3", lambda: at_work(besides=killed), daemon.words)
    assert daemon.messages("S3") == []
