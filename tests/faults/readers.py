"""People who read the newest release over and over, each a process, until a file says that it is enough.

Run as ``python -m tests.faults.readers FOLDER READERS``; FOLDER holds ``releases`` and at last ``enough``. Each reader
finds out once which release is the newest and then asks it alone. Prints how many readings saw which number; what went
wrong ends the reader with a traceback, and this process with 1.
"""

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb

from pipelines.asking.session import Limits, Session
from pipelines.in_place import current
from tests.faults.publishing import NUMBER
from tests.faults.whole import not_as_published

_QUERY = f"select value from settings where key = '{NUMBER}'"
# Readers who never pause would leave no time to publish in.
_PAUSE_SECONDS = 1.0


def main(folder: Path, readers: int) -> None:
    """Read until it is enough."""
    children = [_started(folder, reader) for reader in range(readers)]
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    seen = Counter()
    for reader in range(readers):
        seen.update(json.loads((folder / f"seen-{reader}.json").read_text()))
    print(json.dumps(seen))
    sys.exit(1 if any(codes) else 0)


def _started(folder: Path, reader: int) -> int:
    child = os.fork()
    if not child:
        seen, code = Counter(), 1
        try:
            while not (folder / "enough").exists():
                # One asks as ``crsight sql`` does, with a process for each question.
                seen[_reading(folder / "releases", asks=reader == 0)] += 1
                time.sleep(_PAUSE_SECONDS)
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            (folder / f"seen-{reader}.json").write_text(json.dumps(seen))
            os._exit(code)
    return child


def _reading(releases: Path, *, asks: bool) -> str:
    """The number of the newest release, the same in all of it."""
    release = current(releases)
    told = json.loads((release / "manifest.json").read_text())["identity"]["settings"][f"S1.{NUMBER}"]
    found = _asked(release) if asks else _connected(release)
    report = (release / "report-closed.html").read_text()
    assert (found, report, not_as_published(release)) == (told, told, []), f"{release.name}: mixed"
    return told


def _connected(release: Path) -> str:
    with duckdb.connect(release / "crs.duckdb", read_only=True) as db:
        [(value,)] = db.execute(_QUERY).fetchall()
    return value


def _asked(release: Path) -> str:
    with Session(release / "crs.duckdb", Limits()) as session:
        return session.ask(_QUERY, "csv").body.decode().split()[1]


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
