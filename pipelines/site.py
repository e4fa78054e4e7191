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


def _silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """The folders of an installation, whom to tell what is being done, and the stamp of a run that is made again."""

    home: Path
    studies: Path
    cut: str | None = None
    memory_limit: str | None = None
    say: Callable[[str], None] = _silent
    stamp: Stamp | None = None

    @cached_property
    def warehouse(self) -> Warehouse:
        """The DuckDB files the pipeline works in."""
        return Warehouse(self.home, self.memory_limit)

    @property
    def audit(self) -> Log:
        """The log of what was run, refused, overridden and released."""
        return Log(self.home / "audit.jsonl")

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


def site_from_environment() -> Site:
    """The site that CRSIGHT_HOME (data), CRSIGHT_STUDIES (studies) and CRSIGHT_MEMORY_LIMIT describe."""
    return Site(
        home=Path(os.environ.get("CRSIGHT_HOME", "data")).absolute(),
        studies=Path(os.environ.get("CRSIGHT_STUDIES", "studies")).absolute(),
        memory_limit=os.environ.get("CRSIGHT_MEMORY_LIMIT"),
    )
