"""The released tables, made by their models without a record, and a few rows drawn into them."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from pipelines.described import read_references, read_written
from pipelines.warehouse import build, create_schemas, insert, load_reference, write_described
from tests.harness import MODELS
from tests.lines import empty_raw
from tests.shared import ROOT

DATASETS = ("adsl", "adcrs", "adtte", "adae")
SUBJECT = {"studyid": "S1", "usubjid": "P1"}
LONG = "Cytokine release syndrome, " * 12 + "resolved"


def build_released(path: Path) -> None:
    """A warehouse with the released tables, empty, and everything they are described by."""
    with duckdb.connect(path) as db:
        create_schemas(db)
        for reference in read_references(ROOT / "sql"):
            load_reference(db, reference)
        write_described(db, read_written(ROOT / "sql"), {})
        empty_raw(db)
        for name in _needed():
            build(db, MODELS[name])
        study = {"studyid": "S1", "title": "A study", "position": 1, "cut": "2026-06-30", "transfer": "2026-06-30"}
        insert(db, "study.studies", pl.DataFrame([study]))


def _needed() -> list[str]:
    wanted = {f"analysis.{name}" for name in DATASETS}
    for model in reversed(MODELS.values()):
        if model.name in wanted:
            wanted |= set(model.depends_on)
    return [name for name in MODELS if name in wanted]


def fill(db: duckdb.DuckDBPyConnection, dataset: str, *rows: dict) -> None:
    """Add rows of one subject to a released table; columns that are not named are empty."""
    for row in rows:
        insert(db, f"analysis.{dataset}", pl.DataFrame([{**SUBJECT, **row}]))


def fill_all(db: duckdb.DuckDBPyConnection) -> None:
    """A few rows in every released table: dates with and without a time, flags, text that is long or not ASCII."""
    dose, onset = datetime(2026, 3, 1, 8, 30), datetime(2026, 3, 2, 12)
    fill(
        db,
        "adsl",
        {"age": 61.25, "sex": "F", "arm": "A", "trtsdtm": dose, "trtsdt": dose.date(), "saffl": "Y", "doses": 2},
        {"usubjid": "P0", "age": 9.0, "sex": "M", "arm": "B", "indication": "リンパ腫", "saffl": "N"},
    )
    fill(
        db,
        "adcrs",
        {"source": "derived", "scale": "ASTCT 2019", "episode": 1, "astdtm": onset, "ongoing": False, "grade": 3}
        | {"onset_days": 1.1458333333333333, "vasopressor": True, "respiratory_support": "CPAP"},
    )
    fill(
        db,
        "adtte",
        {"paramcd": "TTRES", "aval": 4.5, "cnsr": 0, "imputed": False, "startdtm": onset},
        {"paramcd": "TTCRS", "aval": 1.1458333333333333, "cnsr": 2, "imputed": True, "startdtm": dose},
    )
    fill(
        db,
        "adae",
        {"_file": "ae.xpt", "_row": 2, "aeseq": 2.0, "aeterm": LONG, "aeser": "UNCLEAR", "astdt": date(1999, 12, 31)},
        {"_file": "ae.xpt", "_row": 1, "aeseq": 1.0, "aeterm": "Fever", "aeser": "Y", "aetoxgrn": 2},
    )


__all__ = ["DATASETS", "LONG", "build_released", "fill", "fill_all"]
