"""All that a report may read."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import polars as pl

from reports.results import Results


@dataclass(frozen=True, kw_only=True)
class Material:
    """The numbers a report prints, and what its headings and footers say.

    Args:
        ard: Rows of ``analysis.ard``.
        tables: ``settings`` (studyid, key, value), ``ingested`` (file, domain, format, rows_in, rows_kept,
            rows_quarantined, notes), ``quarantine`` (domain, rule, rows), ``findings`` (table_name, rule, severity,
            passed, failing), ``queries`` (rule, message, n), ``levels`` of the strata (group, level, position),
            ``biomarkers`` (testcd, unit), ``compared`` (release, cut, code_version, left_out; no row on the first cut),
            ``changes`` since it (what, kind, n), ``dictionary`` of the database released with it (table, about, column,
            type, meaning; a table's columns in their order), ``assay_limits`` (marker; side, < or >; lowest,
            highest), and ``listed`` (listing, rows: how many there are, those left out of ``listings`` too).
        listings: The first rows of each listing, moments as text; ``people`` are the subjects, none if too many.
        cases: Subjects whose course is told one by one (``reports.cases``) and the lines of the swimmer plot.
        behind: The subjects behind each of some numbers, by cell_id, as places among ``people``; a number that counts
            nobody is not there, and one whose subjects are too many has None.
        study: Name of the study.
        title: Its title.
        cut: Data cut, ISO 8601 date.
        version: Version of the program.
        run_id: The run it is of.
        made_at: When its data arrived, with the time zone.
    """

    ard: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]
    listings: Mapping[str, pl.DataFrame]
    cases: Mapping[str, pl.DataFrame]
    behind: Callable[[Collection[str]], Mapping[str, list[int] | None]]
    study: str
    title: str
    cut: str
    version: str
    run_id: str
    made_at: datetime
    # Sections by their ids, each drawn once for all documents.
    drawn: dict[str, Any] = field(init=False, repr=False, default_factory=dict)

    @cached_property
    def results(self) -> Results:
        """The analysis results by place."""
        return Results(self.ard, self.tables["levels"])
