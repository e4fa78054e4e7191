"""What happens without a hand being lifted, with Dagster's real daemon."""

import json
import shutil
import sys

import pytest

from tests.end_to_end.daemon import dev, wait_for

pytestmark = pytest.mark.slow

STUDY = "SIM-CART"


def drop(source, target, leave_out=()):
    """A transfer is delivered: files first, _COMPLETE last."""
    target.mkdir(parents=True)
    for path in sorted(source.iterdir()):
        if path.name != "_COMPLETE" and path.name not in leave_out:
            shutil.copy(path, target)
    (target / "_COMPLETE").touch()


def test_a_transfer_becomes_a_release_and_one_that_is_refused_is_told(line, tmp_path):
    line.crsight("simulate", str(line.studies), "--subjects", "20", "--therapy", "car-t")
    transfers = line.studies / STUDY / "transfers"
    [first] = transfers.iterdir()
    told = tmp_path / "told.jsonl"
    append = f"{sys.executable} -c \"import sys; open('{told}', 'a').write(sys.stdin.read() + chr(10))\""
    settings = {"CRSIGHT_SECONDS": "1", "CRSIGHT_TELL": append, "CRSIGHT_TELL_OF": "refused,broken,released"}

    def messages():
        return [json.loads(row) for row in told.read_text().splitlines()] if told.exists() else []

    with dev(line, **settings) as words:
        wait_for("the first release", lambda: len(messages()) == 1, words)
        assert line.release(STUDY).name == first.name
        drop(first, transfers / "2099-01-01")
        wait_for("the second release", lambda: len(messages()) == 2, words)
        assert line.release(STUDY).name == "2099-01-01"
        drop(first, transfers / "2099-02-01", leave_out=("dm.parquet",))
        wait_for("the refusal", lambda: len(messages()) == 3, words)
        [found] = line.json("status")
    assert [(m["cut"], m["outcome"]) for m in messages()] == [
        (first.name, "released"),
        ("2099-01-01", "released"),
        ("2099-02-01", "refused"),
    ]
    reason = f"{STUDY}, transfer 2099-02-01: there is no DM dataset; it is required."
    assert (found["state"], found["reason"]) == ("refused", reason)
    assert messages()[-1]["reason"] == reason
    assert line.release(STUDY).name == "2099-01-01"
