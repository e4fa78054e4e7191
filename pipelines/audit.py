"""The audit log: one line of JSON for every run, each with the hash of the line before, so that a change is seen.

``audit.jsonl`` in the home is only ever appended to. Who rewrites all of it can make a chain that holds; but each
release is named in it by the hash of its manifest, and ``verify`` looks for every release that there is.
"""

import fcntl
import getpass
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

NAME = "audit.jsonl"
# What the first line names as the line before.
BEGINNING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the log: its number from 1, its hash, and what it says; nothing where the line is damaged."""

    number: int
    sha256: str
    said: Mapping[str, object] | None


def append(home: Path, **facts: object) -> None:
    """Write down what happened, with who did it and when (UTC), on disk before this returns.

    Args:
        home: The folder of all results.
        **facts: What happened, as JSON can say it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / NAME).open("a+b") as log:
        # Several runs may end at once.
        fcntl.flock(log, fcntl.LOCK_EX)
        log.seek(0)
        before = log.read()
        # A line that was torn when the disk was full or the power went stays, and the next is of its own.
        gap = b"\n" if before and not before.endswith(b"\n") else b""
        lines = before.splitlines()
        previous = _sha256(lines[-1]) if lines else BEGINNING
        who = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "by": getpass.getuser(), "previous": previous}
        log.write(gap + json.dumps({**who, **facts}, sort_keys=True).encode() + b"\n")
        log.flush()
        os.fsync(log.fileno())


def entries(home: Path) -> Iterator[Entry]:
    """The lines of the log, in order; none where there is no log."""
    path = home / NAME
    for number, line in enumerate(path.read_bytes().splitlines() if path.exists() else [], start=1):
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        yield Entry(number=number, sha256=_sha256(line), said=said if isinstance(said, dict) else None)


def problems(home: Path) -> list[str]:
    """What is wrong with the chain, a sentence each; empty when it holds."""
    found, previous = [], BEGINNING
    for entry in entries(home):
        if entry.said is None:
            found.append(f"{NAME}: line {entry.number} cannot be read; it was damaged, or torn when it was written.")
        elif entry.said.get("previous") != previous:
            found.append(
                f"{NAME}: line {entry.number} does not follow the one before; a line was changed, taken out or put in."
            )
        previous = entry.sha256
    return found


def _sha256(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
