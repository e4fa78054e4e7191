"""One run of a study at a time."""

import multiprocessing
import os
import signal

import pytest

from pipelines.errors import Busy
from pipelines.one_at_a_time import alone, holder

SPAWN = multiprocessing.get_context("spawn")


def hold(lock, words):
    with alone(lock):
        words.send("inside")
        words.poll(60)


@pytest.fixture
def lock(tmp_path):
    return tmp_path / "locks" / "S1.lock"


@pytest.fixture
def other(lock):
    """Another process that holds the lock, until it hears a word."""
    words, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=hold, args=(lock, theirs))
    process.start()
    theirs.close()
    assert words.recv() == "inside"
    yield process, words
    words.close()
    process.join(60)
    process.close()


def test_the_second_is_told_who_is_inside(lock, other):
    with (
        pytest.raises(Busy, match=rf"^S1: another run is under way since .*, by .*, process {other[0].pid} on "),
        alone(lock),
    ):
        pytest.fail("both are inside")


def test_whoever_is_patient_gets_in_when_the_other_leaves(lock, other):
    other[1].send("leave")
    with alone(lock, patience=60):
        assert holder(lock).process == os.getpid()


def test_a_killed_process_lets_go(lock, other):
    assert holder(lock).process == other[0].pid
    os.kill(other[0].pid, signal.SIGKILL)
    other[0].join(60)
    assert holder(lock) is None
    with alone(lock):
        assert holder(lock).process == os.getpid()


def test_nobody_holds_what_was_let_go_or_never_taken(lock):
    assert holder(lock) is None
    with alone(lock):
        assert holder(lock).process == os.getpid()
    assert holder(lock) is None


def test_a_lock_taken_but_not_yet_signed_is_held_by_somebody(lock):
    with alone(lock):
        lock.write_text("")
        assert holder(lock).by == "unknown"
