"""A study run by Spark, through the command line, gives the release that DuckDB gives."""

import json
import os
import subprocess
import sys
from collections import namedtuple

import duckdb
import pytest

from tests.shared import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.spark]
Said = namedtuple("Said", ["stdout", "stderr"])
# When and by which run a table was made, and what says so.
OF_THE_RUN = {"runs"}


def begun(place, *arguments, **environment):
    return subprocess.Popen(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments],
        cwd=ROOT,
        env={**os.environ, "CRSIGHT_HOME": str(place / "home"), "CRSIGHT_STUDIES": str(place / "studies")}
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def crsight(place, *arguments, expect=0, **environment):
    run = begun(place, *arguments, **environment)
    told, said = run.communicate()
    assert run.returncode == expect, told + said
    return Said(stdout=told, stderr=said)


def tables(release):
    with duckdb.connect(release / "crs.duckdb", read_only=True) as db:
        names = [name for (name,) in db.execute("select table_name from duckdb_tables() order by all").fetchall()]
        return {n: db.execute(f"select * from {n} order by all").fetchall() for n in names if n not in OF_THE_RUN}


def test_the_release_of_spark_is_that_of_duckdb(tmp_path):
    crsight(tmp_path, "simulate", str(tmp_path / "studies"), "--subjects", "30", "--therapy", "car-t")
    found = {}
    for engine in ("duckdb", "spark"):
        home = {"CRSIGHT_HOME": str(tmp_path / engine), "CRSIGHT_ENGINE": engine}
        [ran] = json.loads(crsight(tmp_path, "run", "SIM-CART", "--json", **home).stdout)
        assert (ran["outcome"], ran["reason"]) == ("released", "")
        manifest = json.loads((tmp_path / engine / "releases/SIM-CART/current/manifest.json").read_text())
        assert manifest["run"]["engine"] == engine
        found[engine] = tables(tmp_path / engine / "releases/SIM-CART/current")
    assert found["spark"]["ard"]
    assert [name for name in found["duckdb"] if found["duckdb"][name] != found["spark"].get(name)] == []
    assert (tmp_path / "spark/spark").stat().st_mode & 0o777 == 0o700


def test_settings_that_are_not_there_make_no_release(tmp_path):
    crsight(tmp_path, "simulate", str(tmp_path / "studies"), "--subjects", "5", "--therapy", "car-t")
    settings = {"CRSIGHT_SPARK": str(tmp_path / "absent.conf")}
    done = crsight(tmp_path, "run", "SIM-CART", "--engine", "spark", expect=1, **settings)
    assert "there is no file" in done.stderr
    assert not (tmp_path / "home/releases/SIM-CART/current").exists()
