"""The raw columns that grading reads, told by the models themselves, and a bare scan of them."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from pipelines.models import Model, read_models
from tests.shared import ROOT

GRADES = "graded.derived_episodes"


def upstream(target: str = GRADES) -> list[Model]:
    """The models that ``target`` is made of, itself included, in the order they are built."""
    models = {model.name: model for model in read_models(ROOT / "sql")}
    wanted: set[str] = set()

    def add(name: str) -> None:
        if name in models and name not in wanted:
            wanted.add(name)
            for source in models[name].depends_on:
                add(source)

    add(target)
    return [model for model in models.values() if model.name in wanted]


def columns_read(models: list[Model]) -> Mapping[str, set[str]]:
    """By raw table, the columns that the models name."""
    found: dict[str, set[str]] = {}
    for model in models:
        for select in sqlglot.parse_one(model.sql, read="duckdb").find_all(exp.Select):
            raw = {table.alias_or_name: table.name for table in select.find_all(exp.Table) if table.db == "raw"}
            for column in select.find_all(exp.Column):
                if column.table in raw:
                    found.setdefault(raw[column.table], set()).add(column.name.lower())
    return found


def scan(folder: Path, columns: Mapping[str, set[str]]) -> None:
    """Read every value of the columns from the raw Parquet files, and do no more than add them up."""
    with duckdb.connect() as db:
        for domain, names in columns.items():
            for path in folder.glob(f"{domain}*.parquet"):
                kinds = db.execute("select name, type from parquet_schema(?) offset 1", [str(path)]).fetchall()
                sums = [_sum(name, kind) for name, kind in kinds if name.lower() in names]
                db.execute(f"select {', '.join(sums)} from read_parquet('{path}')").fetchall()


def _sum(name: str, kind: str) -> str:
    # A count or a maximum would be answered from the file's statistics, without reading it.
    return f'sum(strlen("{name}"))' if kind == "BYTE_ARRAY" else f'sum("{name}"::double)'
