"""The SHA-256 of each file of a transfer, worked out while the files are read."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

from pipelines.errors import Refused
from pipelines.ingest.ledger import sha256, sha256_or_absent
from pipelines.studies import Transfer


class Digests:
    """What each file's bytes are, and whether they stay so."""

    def __init__(self, transfer: Transfer) -> None:
        """Look at every file once, before any is read."""
        self._transfer = transfer
        self._marks = {path: _mark(path) for path in transfer.files}
        self._pool = ThreadPoolExecutor(1)
        self._coming: dict[str, Future[str]] = {
            path.name: self._pool.submit(sha256, path) for path in by_size(transfer.files)
        }

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End; what was not begun is left."""
        self._pool.shutdown(cancel_futures=True)

    def all(self) -> Mapping[str, str]:
        """By file name."""
        return {name: coming.result() for name, coming in self._coming.items()}

    def of(self, path: Path) -> Callable[[], str]:
        """Gives that of one file, once it is asked for."""
        return self._coming[path.name].result

    def refuse_changed(self) -> None:
        """Nothing, when the files are still as they were.

        Raises:
            Refused: If one was changed meanwhile, naming both hashes.
        """
        where = f"{self._transfer.study}, transfer {self._transfer.cut}"
        for path, mark in self._marks.items():
            if _mark(path) != mark:
                was, now = self._coming[path.name].result(), sha256_or_absent(path)
                raise Refused(
                    f"{where}: {path.name} changed while it was read (SHA-256 was {was}, is {now}); "
                    "write _COMPLETE last, and run it again."
                )


def by_size(files: Sequence[Path]) -> list[Path]:
    """The files, the longest first."""
    return sorted(files, key=lambda path: -path.stat().st_size)


def _mark(path: Path) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
