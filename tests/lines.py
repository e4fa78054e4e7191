"""A few subjects' records, drawn short, through the whole chain of models."""

from datetime import UTC, datetime, timedelta

import duckdb
import polars as pl

from pipelines.models import read_models
from pipelines.warehouse import build, insert
from tests.shared import ROOT

ORIGIN = datetime(2026, 3, 1, tzinfo=UTC)
ORIGIN_S = int(ORIGIN.timestamp())
CHAIN = tuple(model for model in read_models(ROOT / "sql") if model.layer in ("staged", "graded"))
CONTRACT = [
    line.split(",")[:3]
    for line in (ROOT / "sql/reference/sdtm_variables.csv").read_text().splitlines()
    if not line.startswith(("#", "domain,"))
]
SQL_TYPES = {"text": "varchar", "number": "double", "datetime": "varchar"}


def hours(column: str) -> pl.Expr:
    """Seconds since 1970 as hours since the origin."""
    return ((pl.col(column) - ORIGIN_S) / 3600).alias(column)


def empty_raw(db: duckdb.DuckDBPyConnection) -> None:
    """Every raw domain that models read, without rows."""
    columns: dict[str, list[str]] = {}
    for domain, name, kind in CONTRACT:
        parts = columns.setdefault(domain, [])
        name = name.lower()
        parts.append(f"{name} {SQL_TYPES[kind]}")
        if kind == "datetime":
            parts += [f"_{name}_first bigint", f"_{name}_last bigint", f"_{name}_precision varchar"]
    for domain, parts in columns.items():
        db.execute(f"create or replace table raw.{domain.lower()} ({', '.join(parts)}, _file varchar, _row bigint)")


def build_line(
    db: duckdb.DuckDBPyConnection,
    *,
    ae="",
    fa="",
    ex="",
    dm="",
    term="Cytokine release syndrome",
    severity=None,
) -> pl.DataFrame:
    """graded.episodes of these records; each is ``subject | hour | ...``, records parted by ``;``."""
    empty_raw(db)
    study = {"studyid": "S1", "therapy": "A", "value": "DRUG", "position": 1}
    insert(db, "study.therapy_classes", pl.DataFrame([study]))
    insert(
        db,
        "study.studies",
        pl.DataFrame([{"studyid": "S1", "position": 1, "cut": "2027-01-01", "cut_s": ORIGIN_S + 400 * 86400}]),
    )
    insert(
        db,
        "study.terms",
        pl.DataFrame([{"studyid": "S1", "concept": "crs", "term": "CYTOKINE RELEASE SYNDROME"}]),
    )
    _fill(db, "ex", [{"usubjid": s, "extrt": "Drug", **_at("exstdtc", h)} for s, h in _records(ex, 2)])
    _fill(
        db,
        "dm",
        [{"usubjid": s, **_at("rfpendtc", seen), **_at("dthdtc", died)} for s, seen, died in _records(dm, 3)],
    )
    _fill(
        db,
        "ae",
        [
            {
                "usubjid": s,
                "aedecod": term,
                "aetoxgr": grade,
                "aesev": severity,
                "aeout": out,
                **_at("aestdtc", b),
                **_at("aeendtc", e),
            }
            for s, b, e, grade, out in _records(ae, 5)
        ],
    )
    _fill(
        db,
        "fa",
        [
            {"usubjid": s, "fatestcd": "TOXGR", "faobj": term, "fastresc": grade, **_day("fadtc", h)}
            for s, h, grade in _records(fa, 3)
        ],
    )
    for model in CHAIN:
        build(db, model)
    return db.sql("select * from graded.episodes").pl()


def _records(text: str, cells: int) -> list[list[str | None]]:
    rows = [[cell.strip() or None for cell in row.split("|")] for row in text.split(";") if row.strip()]
    return [row + [None] * (cells - len(row)) for row in rows]


def _at(name: str, hour: str | None) -> dict[str, object]:
    if hour is None:
        return {}
    second = ORIGIN_S + round(float(hour) * 3600)
    text = (ORIGIN + timedelta(hours=float(hour))).strftime("%Y-%m-%dT%H:%M:%S")
    return {name: text, f"_{name}_first": second, f"_{name}_last": second, f"_{name}_precision": "s"}


def _day(name: str, hour: str) -> dict[str, object]:
    second = ORIGIN_S + int(hour) * 3600
    text = (ORIGIN + timedelta(hours=int(hour))).strftime("%Y-%m-%d")
    return {name: text, f"_{name}_first": second, f"_{name}_last": second + 86399, f"_{name}_precision": "D"}


def _fill(db: duckdb.DuckDBPyConnection, domain: str, rows: list[dict[str, object]]) -> None:
    if rows:
        numbered = [
            {"studyid": "S1", "_file": f"{domain}.csv", "_row": i, **row} for i, row in enumerate(rows, start=1)
        ]
        insert(db, f"raw.{domain}", pl.DataFrame(numbered, infer_schema_length=None))
