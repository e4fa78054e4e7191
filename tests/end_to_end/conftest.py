"""The command line, as people use it, and a study that has been run."""

import io
import json
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.cli import main
from tests.shared import SHARED


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def said_by(arguments: list[str]) -> Said:
    """What ``crsight`` says to these arguments; in this process, which spares its imports."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    code = 0
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        patched.setattr(sys, "argv", ["crsight", *arguments])
        try:
            main()
        except SystemExit as exit:
            code = exit.code if isinstance(exit.code, int) else int(bool(exit.code))
    texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return Said(returncode=code, stdout=texts[0], stderr=texts[1])


@dataclass(frozen=True, kw_only=True)
class Line:
    """A home and a folder of studies, and the command on them."""

    home: Path
    studies: Path

    def crsight(self, *arguments: str, expect: int = 0) -> Said:
        """Run the command in this process, and hold it to its exit code."""
        said = said_by([*arguments, "--home", str(self.home), "--studies", str(self.studies)])
        assert said.returncode == expect, f"exit {said.returncode}\n{said.stdout}\n{said.stderr}"
        return said

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
