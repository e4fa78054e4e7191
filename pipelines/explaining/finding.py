"""The facts of a subject, read from a release."""

from dataclasses import fields
from typing import TypeVar

import duckdb

from pipelines.explaining.doses import doses_of
from pipelines.explaining.facts import (
    Adjudication,
    Episode,
    Evidence,
    Highest,
    Query,
    Segment,
    Sign,
    SubjectFacts,
    Waiver,
    Who,
)
from pipelines.warehouse import rows

Row = TypeVar("Row")


def subject_facts(db: duckdb.DuckDBPyConnection, studyid: str, usubjid: str) -> SubjectFacts:
    """What a release knows of one subject.

    Args:
        db: A connection to the release.
        studyid: The subject's study, of which POOLED has several.
        usubjid: A subject of ``adsl``.
    """

    def of(kind: type[Row], table: str, order: str = "all") -> tuple[Row, ...]:
        names = [field.name for field in fields(kind)]  # pyright: ignore[reportArgumentType]
        query = f"select {', '.join(names)} from {table} where studyid = ? and usubjid = ? order by {order}"
        return tuple(kind(**dict(zip(names, row, strict=True))) for row in rows(db, query, studyid, usubjid))

    [who] = of(Who, "adsl")
    return SubjectFacts(
        who=who,
        scales=_scales(db, studyid),
        doses=doses_of(db, usubjid),
        signs=of(Sign, "signs", "start_dtm, domain, file, row"),
        waivers=of(Waiver, "waivers", "start_dtm, file, row"),
        segments=of(Segment, "grade_segments", "source, scale, start_dtm"),
        episodes=of(Episode, "adcrs", "source, scale, episode"),
        highest=of(Highest, "adcrs_subject", "source, scale"),
        evidence=of(Evidence, "grade_evidence", "source, episode, scale, rule_id, start_dtm, domain, file, row"),
        queries=of(Query, "queries"),
        # A release may be older than the table.
        adjudications=of(Adjudication, "adjudications") if _has(db, "adjudications") else (),
    )


def _has(db: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(rows(db, "select 1 from duckdb_tables() where table_name = ?", table))


def _scales(db: duckdb.DuckDBPyConnection, studyid: str) -> tuple[str, ...]:
    found = rows(db, "select value from settings where studyid = ? and key = 'grading.scales'", studyid)
    return tuple(found[0][0].split(", ")) if found and found[0][0] else ()
