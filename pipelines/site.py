"""Where things lie: the studies that come in, and the home that all results are kept under."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sql
from pipelines.audit import Log
from pipelines.stamp import Stamp
from pipelines.warehouse import Warehouse

SQL = Path(sql.__file__).parent
# What tells the arms.
_CLOSED = ("raw", "warehouse", "build", "last_run", "releases")


def silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """The folders of an installation and what its runs are told.

    ``spill`` is where DuckDB puts what does not fit into memory; ``say`` is told of each step; ``stamp`` is that of a
    run that is made again; releases are sealed for the public keys in the file ``seal_to``; ``engine`` makes the tables
    of models, and ``spark`` is the file of Spark's settings.
    """

    home: Path
    studies: Path
    cut: str | None = None
    memory_limit: str | None = None
    spill: Path | None = None
    say: Callable[[str], None] = silent
    stamp: Stamp | None = None
    seal_to: Path | None = None
    engine: str = "duckdb"
    spark: Path | None = None

    @cached_property
    def warehouse(self) -> Warehouse:
        """The DuckDB files the pipeline works in."""
        return Warehouse(self.home, self.memory_limit, self.spill)

    @property
    def audit(self) -> Log:
        """The log of what was run, refused, overridden and released."""
        return Log(self.home / "audit.jsonl")

    def make_closed_folders(self) -> None:
        """Make the folders of the home that tell the arms, for its owner alone."""
        for name in _CLOSED:
            (self.home / name).mkdir(mode=0o700, parents=True, exist_ok=True)

    def build_folder(self, study: str) -> Path:
        """Where a run puts what it makes before it is released."""
        return self.home / "build" / study

    def last_run(self, study: str) -> Path:
        """The file that keeps how the study's last run went."""
        return self.home / "last_run" / f"{study}.json"

    def lock(self, study: str) -> Path:
        """The file that a run of the study locks."""
        return self.home / "locks" / f"{study}.lock"

    def release_folder(self, study: str) -> Path:
        """Where the study's releases lie, which tell the arms."""
        return self.home / "releases" / study

    def open_folder(self, study: str) -> Path:
        """Where its open releases lie, for those who must stay blinded."""
        return self.home / "open" / study

    def sealed_folder(self, study: str) -> Path:
        """Where its sealed releases lie, which nobody can read without a key."""
        return self.home / "sealed" / study


def site_from_environment() -> Site:
    """The site of CRSIGHT_HOME (data), CRSIGHT_STUDIES (studies) and the other settings of that kind, where given."""
    keys, spark, spill = (_path(name) for name in ("CRSIGHT_SEAL_TO", "CRSIGHT_SPARK", "CRSIGHT_SPILL"))
    return Site(
        home=Path(os.environ.get("CRSIGHT_HOME", "data")).absolute(),
        studies=Path(os.environ.get("CRSIGHT_STUDIES", "studies")).absolute(),
        memory_limit=os.environ.get("CRSIGHT_MEMORY_LIMIT"),
        spill=spill,
        seal_to=keys,
        engine=os.environ.get("CRSIGHT_ENGINE", "duckdb"),
        spark=spark,
    )


def _path(name: str) -> Path | None:
    """The path that the environment gives under this name, if it gives one."""
    given = os.environ.get(name)
    return Path(given).absolute() if given else None
