"""A number of the ARD, and the subjects behind it."""

from dataclasses import dataclass, fields
from datetime import datetime

import duckdb

from pipelines.asking.locked import select
from pipelines.warehouse import rows


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number, what it was computed on, and how; a row of ``ard``."""

    cell_id: str
    analysis: str
    study: str
    cut: str
    population: str
    scale: str
    source: str
    group1: str | None
    group1_level: str | None
    group2: str | None
    group2_level: str | None
    group3: str | None
    group3_level: str | None
    by_variable: str | None
    by_level: str | None
    variable: str
    variable_level: str
    stat_name: str
    stat_label: str
    stat: float | None
    stat_text: str | None
    method: str
    warning: str | None
    subjects_sql: str | None


@dataclass(frozen=True, kw_only=True)
class Behind:
    """A subject behind a number, with one episode on its scale, or none."""

    studyid: str
    usubjid: str
    source: str | None
    scale: str | None
    episode: int | None
    grade: int | None
    astdtm: datetime | None
    astprec: str | None
    onset_days: float | None
    aendtm: datetime | None
    aenprec: str | None
    ongoing: bool | None
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class CellFacts:
    """A number and its subjects: a row for each episode, or one without an episode; None when it names no subjects."""

    number: Number
    subjects: tuple[Behind, ...] | None


# A number of POOLED may rest on grades of two sources or scales, "derived and reported".
EPISODES = """
    select
        b.studyid, b.usubjid,
        c.source, c.scale, c.episode, c.grade, c.astdtm, c.astprec, c.onset_days, c.aendtm, c.aenprec, c.ongoing,
        c.outcome
    from behind as b
    left join adcrs as c
        on c.studyid = b.studyid and c.usubjid = b.usubjid
        and list_contains(string_split(?, ' and '), c.source) and list_contains(string_split(?, ' and '), c.scale)
    order by b.studyid, b.usubjid, c.source, c.scale, c.episode
"""


def cell_facts(db: duckdb.DuckDBPyConnection, cell_id: str) -> CellFacts:
    """A number, and the subjects that its subjects_sql returns.

    Args:
        db: A connection to a release that can only read it, since the SELECT comes from the release.
        cell_id: A cell of its ARD.
    """
    names = [field.name for field in fields(Number)]
    [row] = rows(db, f"select {', '.join(names)} from ard where cell_id = ?", cell_id)
    number = Number(**dict(zip(names, row, strict=True)))
    return CellFacts(number=number, subjects=_subjects(db, number) if number.subjects_sql else None)


def _subjects(db: duckdb.DuckDBPyConnection, number: Number) -> tuple[Behind, ...]:
    db.register("behind", select(db, number.subjects_sql or "").to_arrow())
    found = rows(db, EPISODES, number.source, number.scale)
    names = [field.name for field in fields(Behind)]
    return tuple(Behind(**dict(zip(names, row, strict=True))) for row in found)
