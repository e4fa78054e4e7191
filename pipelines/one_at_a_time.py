"""One run of a study at a time, however it was started: a lock that ends with the process that holds it."""

import fcntl
import getpass
import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipelines.errors import Busy

# Long enough that somebody who only looks whether the lock is held is not in the way.
A_MOMENT = 0.5
BETWEEN_TRIES = 0.1


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds a lock, and since when."""

    by: str
    process: int
    host: str
    since: str

    def __str__(self) -> str:
        """The holder for people."""
        return f"since {self.since}, by {self.by}, process {self.process} on {self.host}"


UNKNOWN = Holder(by="unknown", process=0, host="unknown", since="a moment ago")


@contextmanager
def alone(lock: Path, patience: float = A_MOMENT) -> Iterator[None]:
    """Nobody else is inside with the same lock.

    Args:
        lock: The file to lock, made when it is not there; its name without the extension is what is said to be in hand.
        patience: Seconds to wait for another to be done; ``math.inf`` waits for ever.

    Raises:
        Busy: If another is still inside after that.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as file:
        _take(file, lock, patience)
        _write_holder(file)
        yield


def holder(lock: Path) -> Holder | None:
    """Who holds the lock now; None when nobody does."""
    if not lock.exists():
        return None
    with lock.open() as file:
        return None if _taken(file, fcntl.LOCK_SH) else _read_holder(file)


def _take(file: IO[str], lock: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while not _taken(file, fcntl.LOCK_EX):
        if time.monotonic() > until:
            raise Busy(f"{lock.stem}: another run is under way {_read_holder(file)}; wait for it, or end that process.")
        time.sleep(BETWEEN_TRIES)


def _taken(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_holder(file: IO[str]) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    file.truncate(0)
    json.dump(asdict(Holder(by=getpass.getuser(), process=os.getpid(), host=platform.node(), since=now)), file)
    file.flush()


def _read_holder(file: IO[str]) -> Holder:
    file.seek(0)
    try:
        return Holder(**json.loads(file.read()))
    except json.JSONDecodeError:
        # Taken, but not yet written into.
        return UNKNOWN
