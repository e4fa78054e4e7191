"""What must hold after every fault: the last release stands as it was published, and nothing half is to be seen."""

import duckdb

from tests.end_to_end.conftest import Line, said_by
from tests.faults.whole import not_as_published, releases_in


def refuted(line: Line, study: str) -> list[str]:
    """What is wrong with the study's releases; empty when each is whole and the newest verifies."""
    folders = [folder for kind in ("releases", "open") for folder in releases_in(line.home / kind / study)]
    wrong = [problem for folder in folders for problem in not_as_published(folder)]
    return [*wrong, *_unverified(line, study), *_unseen(line, study)]


def _unverified(line: Line, study: str) -> list[str]:
    said = said_by(["verify", study, "--home", str(line.home), "--studies", str(line.studies)])
    return [] if said.returncode == 0 else (said.stdout + said.stderr).splitlines()


def _unseen(line: Line, study: str) -> list[str]:
    """What ``crsight status`` and a reader of ``current`` do not see as they should."""
    [status] = [one for one in line.json("status") if one["study"] == study]
    with duckdb.connect(line.release(study) / "crs.duckdb", read_only=True) as db:
        [(subjects,)] = db.execute("select count(*) from adsl").fetchall()
    wrong = [] if status["release"] == str(line.release(study)) else [f"status tells {status['release']}"]
    return wrong if subjects else [*wrong, "the release has no subjects"]
