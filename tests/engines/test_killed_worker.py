"""Workers that go in the middle of a run: it is finished by those that are left, or ends in a sentence; never a release of less."""

import json
import time

import pytest

from tests.engines.cluster import cluster
from tests.engines.test_whole_run import begun, crsight, tables

pytestmark = [pytest.mark.slow, pytest.mark.spark]
STUDY, PATIENCE_S = "SIM-MAB", 300


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A small trial, and the release that DuckDB makes of it."""
    place = tmp_path_factory.mktemp("killed")
    crsight(place, "simulate", str(place / "studies"), "--subjects", "12", "--therapy", "antibody")
    crsight(place, "run", STUDY, CRSIGHT_HOME=str(place / "duckdb"))
    return place


def under_way(place, home, two):
    """A run by the cluster, once it has made some tables."""
    environment = {"CRSIGHT_HOME": str(home), "CRSIGHT_SPARK": str(two.settings_file())}
    run = begun(place, "run", STUDY, "--engine", "spark", "--json", **environment)
    until = time.monotonic() + PATIENCE_S
    while len(list((home / "spark" / STUDY).glob("staged.*/_SUCCESS"))) < 5:
        assert run.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)
    return run


def test_a_worker_that_is_killed_leaves_a_finished_run(place, tmp_path):
    with cluster(tmp_path / "cluster", 2) as two:
        run = under_way(place, tmp_path / "home", two)
        two.kill(0)
        told, said = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 0, said
    assert json.loads(told)[0]["outcome"] == "released"
    made, wanted = (tables(home / f"releases/{STUDY}/current") for home in (tmp_path / "home", place / "duckdb"))
    assert made == wanted


def test_when_no_worker_is_left_it_is_said_and_nothing_is_released(place, tmp_path):
    with cluster(tmp_path / "cluster", 2) as two:
        run = under_way(place, tmp_path / "home", two)
        for number in (0, 1):
            two.kill(number)
        told, said = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 3, said
    [ran] = json.loads(told)
    assert (ran["outcome"], ran["release"]) == ("broken", "")
    assert ran["reason"].startswith("Spark has had no worker for 5 s; start workers and run it again.")
    assert not (tmp_path / "home/releases" / STUDY).exists()
