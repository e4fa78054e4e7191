"""The audit log: lines are only added, and what was done to them afterwards is seen."""

import json
import os
import subprocess
import sys
from multiprocessing import get_context

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.audit import Entry, Log, check
from pipelines.audit.entry import NOTHING_BEFORE, settings_hash

ENTRY = Entry(event="end", study="S1", run="run-1", outcome="refused", reason="there is no DM dataset")
LINES = 6


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path / "home" / "audit.jsonl")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The lines of a log."""
    log = Log(tmp_path_factory.mktemp("log") / "audit.jsonl")
    for number in range(LINES):
        log.append(Entry(event="begin", study="S1", run=f"run-{number}"))
    return log.path.read_bytes().splitlines()


def problem(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("log") / "audit.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return check(path).problem


def test_an_entry_says_who_when_and_what(log):
    log.append(ENTRY)
    [line] = check(log.path).lines
    assert line.said.keys() == {"before", "number", "at", "by", "event", "study", "run", "outcome", "reason"}
    assert line.said["before"] == NOTHING_BEFORE
    assert line.said["at"].endswith("+00:00")


def test_each_line_holds_the_hash_of_the_line_before(log):
    log.append(ENTRY)
    head = log.head()
    log.append(ENTRY)
    assert check(log.path).lines[1].said["before"] == head.sha256
    assert (head.number, check(log.path).problem) == (1, "")


def test_the_chain_is_that_of_sha256sum(log):
    log.append(ENTRY)
    first = log.path.read_bytes().rstrip(b"\n")
    told = subprocess.run(["sha256sum"], input=first, capture_output=True, check=True).stdout.split()[0].decode()
    assert log.head().sha256 == told


def test_settings_are_hashed_as_other_tools_do_it():
    text = '{"a":null,"b":"Größe ≥ 3"}\n'
    told = subprocess.run(["sha256sum"], input=text.encode(), capture_output=True, check=True).stdout.split()[0]
    assert settings_hash({"b": "Größe ≥ 3", "a": None}) == told.decode()


def test_an_untouched_log_holds(written, tmp_path_factory):
    assert problem(tmp_path_factory, written) == ""


def damaged(lines, at, byte):
    line = lines[at]
    return [*lines[:at], line[:byte] + bytes([line[byte] ^ 1]) + line[byte + 1 :], *lines[at + 1 :]]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, LINES - 2), st.integers(0))
def test_a_damaged_line_is_named(written, tmp_path_factory, at, anywhere):
    said = written[at].index(b'"at"')
    found = problem(tmp_path_factory, damaged(written, at, said + anywhere % (len(written[at]) - said)))
    assert found.startswith(f"line {at + 1} is damaged")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, LINES - 2), st.integers(0))
def test_no_byte_of_a_line_that_others_follow_changes_unseen(written, tmp_path_factory, at, anywhere):
    assert problem(tmp_path_factory, damaged(written, at, anywhere % len(written[at]))) != ""


@settings(max_examples=20, deadline=None)
@given(st.integers(0, LINES - 2))
def test_a_missing_line_is_named(written, tmp_path_factory, at):
    lines = [*written[:at], *written[at + 1 :]]
    assert problem(tmp_path_factory, lines) == f"line {at + 1} is missing: entry {at + 2} stands in its place."


@settings(max_examples=20, deadline=None)
@given(st.integers(0, LINES - 2))
def test_an_inserted_line_is_named(written, tmp_path_factory, at):
    forged = json.dumps({**json.loads(written[at]), "by": "another"}, separators=(",", ":")).encode()
    assert f"line {at + 1} is inserted" in problem(tmp_path_factory, [*written[:at], forged, *written[at:]])


def test_a_line_that_was_cut_short_is_told_and_the_next_is_chained_to_it(log):
    log.append(ENTRY)
    log.append(ENTRY)
    os.truncate(log.path, log.path.stat().st_size - 40)
    assert (check(log.path).torn, check(log.path).problem) == ((2,), "")
    log.append(ENTRY)
    found = check(log.path)
    assert (found.torn, found.problem) == ((2,), "")
    assert found.lines[2].said["number"] == 3
    log.append(ENTRY)
    assert check(log.path).problem == ""


def test_a_line_that_lacks_only_its_end_is_whole(log):
    log.append(ENTRY)
    os.truncate(log.path, log.path.stat().st_size - 1)
    log.append(ENTRY)
    assert (check(log.path).torn, check(log.path).problem) == ((), "")
    assert len(check(log.path).lines) == 2


def test_a_full_disk_is_told_and_the_next_entry_is_chained(log):
    log.append(ENTRY)
    room = log.path.stat().st_size + 30
    code = (
        "import resource, signal, sys; from pathlib import Path; from pipelines.audit import Entry, Log;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}));"
        "Log(Path(sys.argv[1])).append(Entry(event='begin', study='S1', run='run-2'))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(log.path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the disk took 30 of" in done.stderr
    log.append(ENTRY)
    assert (check(log.path).torn, check(log.path).problem) == ((2,), "")


def test_many_processes_may_write_at_once(log):
    spawned = get_context("spawn")
    writers = [spawned.Process(target=write, args=(log.path, 40)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert (len(check(log.path).lines), check(log.path).problem) == (120, "")


def write(path, entries):
    for _ in range(entries):
        Log(path).append(ENTRY)
