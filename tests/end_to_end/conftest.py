"""The command line, as people use it, and a study that has been run."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.shared import SHARED


@dataclass(frozen=True, kw_only=True)
class Line:
    """A home and a folder of studies, and the command on them."""

    home: Path
    studies: Path

    def crsight(self, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        """Run the command, and hold it to its exit code."""
        command = [sys.executable, "-m", "pipelines.cli", *arguments, "--home", str(self.home), "--studies", str(self.studies)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments: str, expect: int = 0):
        """What the command says to machines."""
        return json.loads(self.crsight(*arguments, "--json", expect=expect).stdout)

    def ask(self, study: str, query: str) -> pl.DataFrame:
        """The answer of the study's release."""
        with duckdb.connect(self.home / "releases" / study / "current" / "crs.duckdb", read_only=True) as db:
            return db.sql(query).pl()

    def release(self, study: str) -> Path:
        """The study's newest release."""
        return (self.home / "releases" / study / "current").resolve()


@pytest.fixture(scope="session")
def nulisa(tmp_path_factory) -> Line:
    """NULISA-CART, run with the command."""
    folder = tmp_path_factory.mktemp("nulisa")
    shutil.copytree(SHARED / "data/studies", folder / "studies")
    line = Line(home=folder / "home", studies=folder / "studies")
    line.crsight("run", "NULISA-CART")
    return line


@pytest.fixture
def line(tmp_path) -> Line:
    """An empty home and an empty folder of studies."""
    (tmp_path / "studies").mkdir()
    return Line(home=tmp_path / "home", studies=tmp_path / "studies")
