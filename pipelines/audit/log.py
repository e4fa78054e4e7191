"""A file that lines are only ever added to, whole and in turn, by however many processes."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.audit.entry import NOTHING_BEFORE, Entry, line_hash

_BLOCK = 65_536


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last line of a log: its number, and its hash; number 0 of a log without lines."""

    number: int
    sha256: str


class Log:
    """The audit log of a home."""

    def __init__(self, path: Path):
        """Name its file, which need not be there yet."""
        self.path = path

    def append(self, entry: Entry) -> None:
        """Add the entry, and return when it is on the disk.

        Raises:
            OSError: If the disk does not take it all; the next entry is then chained to what it took.
        """
        with self._opened() as file:
            tail = _tail(file)
            head = _head(file, tail)
            line = entry.line(before=head.sha256, number=head.number + 1) + b"\n"
            # A line that was cut short is ended and stays: nothing is ever taken out.
            whole = line if tail.endswith(b"\n") or not tail else b"\n" + line
            _write_all(file, whole, self.path)
            os.fsync(file)

    def head(self) -> Head:
        """The last line."""
        with self._opened() as file:
            return _head(file, _tail(file))

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The file, locked against all other processes."""
        is_new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if is_new:
                _sync_folder(self.path.parent)
            yield file
        finally:
            os.close(file)


def _tail(file: int) -> bytes:
    """The last line, with its end if it has one."""
    size, length = os.fstat(file).st_size, _BLOCK
    while True:
        start = max(0, size - length)
        read = os.pread(file, size - start, start)
        cut = read[:-1].rfind(b"\n")
        if cut >= 0 or start == 0:
            return read[cut + 1 :]
        length *= 2


def _head(file: int, tail: bytes) -> Head:
    if not tail:
        return Head(number=0, sha256=NOTHING_BEFORE)
    return Head(number=_lines(file) + (not tail.endswith(b"\n")), sha256=line_hash(tail.removesuffix(b"\n")))


def _lines(file: int) -> int:
    """How many line ends the file has: a damaged last line could not tell its number."""
    found = position = 0
    while read := os.pread(file, _BLOCK, position):
        found, position = found + read.count(b"\n"), position + len(read)
    return found


def _write_all(file: int, line: bytes, path: Path) -> None:
    written = os.write(file, line)
    if written < len(line):
        raise OSError(f"{path}: the disk took {written} of {len(line)} bytes of an entry; make room and run it again")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
