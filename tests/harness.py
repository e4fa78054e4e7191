"""Run one model, or a chain of them, on tables drawn in text."""

import re
from datetime import datetime

import duckdb
import polars as pl

from pipelines.described import read_references, read_written
from pipelines.models import Model, read_models
from pipelines.warehouse import build, create_schemas, insert, load_reference, write_described
from tests.shared import ROOT

MODELS: dict[str, Model] = {model.name: model for model in read_models(ROOT / "sql")}
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?")


def table(text: str) -> pl.DataFrame:
    """The frame drawn in text: a header, a ruler if you like, and a row a line; blank is missing."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip() and not set(line.strip()) <= {"-", "+"}]
    header, *body = [[cell.strip() for cell in line.split("|")] for line in lines]
    return pl.DataFrame({name: _typed([row[i] for row in body]) for i, name in enumerate(header)}, strict=False)


def _typed(cells: list[str]) -> pl.Series:
    known = [cell for cell in cells if cell]
    for pattern, convert in (
        (r"-?\d+", int),
        (r"-?\d*\.?\d+(e-?\d+)?", float),
        (r"true|false", lambda cell: cell == "true"),
        (_TIME.pattern, datetime.fromisoformat),
    ):
        if known and all(re.fullmatch(pattern, cell) for cell in known):
            return pl.Series([convert(cell) if cell else None for cell in cells])
    return pl.Series([cell.strip('"') if cell else None for cell in cells], dtype=pl.String)


def database(**inputs: str | pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """An empty database with the reference tables, the tables Python writes, and these inputs.

    An input is named ``schema__table``; columns that a described table has and the text lacks are empty.
    """
    db = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    create_schemas(db)
    for reference in read_references(ROOT / "sql"):
        load_reference(db, reference)
    frames = {
        name.replace("__", "."): table(given) if isinstance(given, str) else given for name, given in inputs.items()
    }
    described = read_written(ROOT / "sql")
    write_described(db, described, frames)
    for name, frame in frames.items():
        if name not in {d.name for d in described}:
            db.register("given", frame.to_arrow())
            db.execute(f"create or replace table {name} as select * from given")
            db.unregister("given")
    return db


def run(*models: str, **inputs: str | pl.DataFrame) -> pl.DataFrame:
    """The last model's rows, after building the models in turn on these inputs, ordered by its key."""
    with database(**inputs) as db:
        for name in models:
            build(db, MODELS[name])
        last = MODELS[models[-1]]
        return db.sql(f"select * from {last.name} order by {', '.join(last.key)}").pl()


__all__ = ["MODELS", "database", "insert", "run", "table"]
