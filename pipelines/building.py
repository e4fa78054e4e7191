"""A table of a model or of an analysis, made unless it stands as it would be made, and held against its rules."""

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines import built, quality
from pipelines.analyses import Analysis, Context, ard_rows
from pipelines.described import Described
from pipelines.engines.engine import Engine
from pipelines.models import Model
from pipelines.warehouse import as_one, describe, frame, insert, rows


@dataclass(frozen=True, kw_only=True)
class Made:
    """A table: its rows, how its rules went, and whether this run made it."""

    rows: int
    outcomes: tuple[quality.Outcome, ...] = ()
    is_new: bool


def make_model(db: duckdb.DuckDBPyConnection, model: Model, engine: Engine) -> Made:
    """The table of one SQL model.

    Args:
        db: The study's warehouse, with the tables that the model reads.
        model: What to make.
        engine: What makes it.

    Raises:
        RuleError: If a rule cannot run.
        EngineError: If the engine does not make it.
    """
    key = built.key_of(db, f"{model.sql} {model.rules} {engine.name}", model.depends_on)
    stands = built.standing(db, model.name, key)
    if stands is not None:
        outcomes = quality.outcomes_of(model.rules, stands.findings)
        quality.record(db, outcomes)
        return Made(rows=stands.rows, outcomes=tuple(outcomes), is_new=False)
    made = engine.build(db, model)
    outcomes = quality.hold(db, model.name, model.rules)
    findings = quality.record(db, outcomes)
    built.note(db, model.name, key, made, findings)
    return Made(rows=made, outcomes=tuple(outcomes), is_new=True)


def make_analysis(db: duckdb.DuckDBPyConnection, analysis: Analysis, ard: Described, study: str) -> Made:
    """The numbers of one analysis, as rows of analysis results.

    Args:
        db: The study's warehouse, with the tables that the analysis reads.
        analysis: What to compute.
        ard: What the table of results is.
        study: Name of the study.
    """
    table, reads, context = f"analysis.{analysis.name}", {*analysis.reads, "analysis.strata"}, _context(db, study)
    key = built.key_of(db, f"{built.code()} {analysis.name} {context} {ard.ddl}", reads)
    stands = built.standing(db, table, key)
    if stands is not None:
        return Made(rows=stands.rows, is_new=False)
    tables = {name: frame(db, f"select * from {name} order by all") for name in reads}
    found = ard_rows(analysis.name, analysis.cells(tables), tables["analysis.strata"], context)
    built.note(db, table, key, write_ard(db, table, ard, found))
    return Made(rows=found.height, is_new=True)


def write_ard(db: duckdb.DuckDBPyConnection, table: str, ard: Described, found: pl.DataFrame) -> int:
    """The number of results, once they are a table."""
    with as_one(db):
        db.execute(f"create or replace table {table} ({ard.ddl})")
        if found.height:
            position = pl.col("position").cast(pl.Int64)
            insert(db, table, found.with_row_index("position", offset=1).with_columns(position))
        describe(db, table, ard.description, ard.columns)
    return found.height


def _context(db: duckdb.DuckDBPyConnection, study: str) -> Context:
    [(cut,)] = rows(db, "select max(cut) from study.studies")
    grades = rows(db, "select distinct source, scale from graded.primary_grades order by all")
    source, scale = (" and ".join(sorted({row[i] for row in grades})) for i in (0, 1))
    return Context(study=study, cut=cut, scale=scale, source=source)
