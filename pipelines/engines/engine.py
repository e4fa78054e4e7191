"""The engines, and which of them makes a study's tables."""

from functools import cache
from pathlib import Path
from typing import Protocol

import duckdb

from pipelines import warehouse
from pipelines.engines.session import session
from pipelines.engines.settings import read_settings
from pipelines.engines.spark import Spark
from pipelines.errors import WrongUsage
from pipelines.models import Model
from pipelines.site import Site

ENGINES = ("duckdb", "spark")


class Engine(Protocol):
    """Makes tables of models."""

    @property
    def name(self) -> str:
        """Which one it is: one of ``ENGINES``."""
        ...

    def build(self, db: duckdb.DuckDBPyConnection, model: Model) -> int:
        """Make the model's table in the study's warehouse, with its comments, and return how many rows it has."""
        ...


class DuckDB:
    """The warehouse itself."""

    name = "duckdb"

    def build(self, db: duckdb.DuckDBPyConnection, model: Model) -> int:
        """Make the model's table, with its comments, and return how many rows it has."""
        return warehouse.build(db, model)


def engine_of(site: Site, study: str) -> Engine:
    """The engine that makes the study's tables.

    Raises:
        WrongUsage: If the site names another than those of ``ENGINES``.
        EngineError: If Spark cannot be started.
    """
    if site.engine not in ENGINES:
        raise WrongUsage(f"there is no engine {site.engine}; there are {' and '.join(ENGINES)}.")
    return DuckDB() if site.engine == "duckdb" else _spark(site.home, study, site.spark)


@cache
def _spark(home: Path, study: str, settings: Path | None) -> Spark:
    # What lies between the engines tells the arms.
    (home / "spark").mkdir(mode=0o700, parents=True, exist_ok=True)
    return Spark(session(read_settings(settings) if settings else {}), home / "spark" / study)
