"""Publishing while others read, and publishers that are killed."""

import json
import subprocess
import sys

import pytest

from tests.faults.publishing import STUDY, publish_number
from tests.unit.released_tables import build_released

KILLS, READERS, RELEASES = 4, 20, 10


@pytest.fixture
def folder(tmp_path):
    """A folder with a small warehouse."""
    build_released(tmp_path / f"{STUDY}.duckdb")
    return tmp_path


def started(*arguments) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_publisher_that_is_killed_leaves_whole_releases_and_the_next_one_publishes(folder):
    out, err = started("tests.faults.publishing", folder, KILLS, 1).communicate()
    told = json.loads(out.splitlines()[-1])
    assert (told["killed"], told["wrong"]) == (KILLS, []), err
    assert (folder / "releases" / "current" / "report-closed.html").read_text() == str(told["number"])


def test_readers_see_one_release_each_time_while_others_are_published(folder):
    publish_number(folder, 0)
    readers = started("tests.faults.readers", folder, READERS)
    try:
        for number in range(1, RELEASES + 1):
            publish_number(folder, number)
    finally:
        (folder / "enough").touch()
        out, err = readers.communicate()
    assert readers.returncode == 0, err
    assert len(json.loads(out)) > 1, "the readers came too late to see more than one release"
