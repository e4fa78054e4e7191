"""SHA-256 of files that were seen before, without reading them again."""

import json
import os
from contextlib import suppress
from pathlib import Path

from pipelines.ingest import sha256


class Remembered:
    """The SHA-256 of files, read again only when size, times or inode changed.

    Transfers lie unchanged for months and can be large; what is looked for twice a minute cannot be read each time.
    """

    def __init__(self, path: Path):
        """Name the file that remembers."""
        self._path = path
        self._known: dict[str, list[object]] = {}
        # What was half written when the machine went down is as good as nothing.
        with suppress(FileNotFoundError, ValueError):
            self._known = json.loads(path.read_text())

    def __call__(self, file: Path) -> str:
        """The file's SHA-256."""
        is_now = _fingerprint(file)
        before = self._known.get(str(file))
        if before and before[1:] == is_now:
            return str(before[0])
        digest = sha256(file)
        self._known[str(file)] = [digest, *is_now]
        self._save()
        return digest

    def _save(self) -> None:
        # After each file, so that a look that is cut short goes on where it was.
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".tmp")
        beside.write_text(json.dumps(self._known))
        os.replace(beside, self._path)


def _fingerprint(file: Path) -> list[object]:
    found = file.stat()
    # The time of change is the kernel's own: copying with the old times kept does not hide a change.
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
