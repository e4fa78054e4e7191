"""Small releases to be held against each other, with the tables that the comparison reads."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from pipelines.changes import Compared, compare
from pipelines.changes.sides import attached
from pipelines.described import read_references
from pipelines.warehouse import load_reference
from tests.harness import table
from tests.shared import ROOT

TYPES = {
    "adsl": "studyid varchar, usubjid varchar, therapy varchar, dose_level varchar, tumour_burden_level varchar, "
    "saffl varchar, dthfl varchar, lstalvdtm timestamp",
    "subject_results": "studyid varchar, usubjid varchar, part varchar, episodes bigint, grade bigint",
    "adcrs": "studyid varchar, usubjid varchar, source varchar, scale varchar, anl01fl varchar, episode integer, "
    "astdtm timestamp, astprec varchar, aendtm timestamp, aenprec varchar, ongoing boolean, grade bigint, outcome varchar",
    "adae": "studyid varchar, usubjid varchar, aeseq double, aespid varchar, aeterm varchar, aedecod varchar, "
    "aestdtc varchar, aeendtc varchar, aeentpt varchar, aetoxgr varchar, aeout varchar",
    "settings": "studyid varchar, key varchar, value varchar",
    "ard": "cell_id varchar, study varchar, analysis varchar, group1 varchar, group1_level varchar, group2 varchar, "
    "by_level varchar, variable varchar, variable_level varchar, stat_name varchar, stat double, stat_text varchar, "
    "subjects_sql varchar",
}
SUBJECTS = """
    usubjid | therapy | dose_level | tumour_burden_level | saffl | lstalvdtm
    P1      | CAR-T   | DL1        | Low                 | Y     | 2026-03-01 00:00
    P2      | CAR-T   | DL2        | High                | Y     | 2026-03-01 00:00
"""
EPISODES = """
    usubjid | source   | anl01fl | episode | astdtm           | astprec | aendtm           | aenprec | ongoing | grade | outcome
    P1      | reported | Y       | 1       | 2026-02-01 06:00 | m       | 2026-02-04 06:00 | m       | false   | 2     | resolved
    P2      | reported | Y       | 1       | 2026-02-03 06:00 | m       | 2026-03-01 00:00 | m       | true    | 3     | ongoing
    P2      | derived  |         | 1       | 2026-02-02 06:00 | m       | 2026-02-05 00:00 | m       | false   | 1     | resolved
"""
EVENTS = """
    usubjid | aeseq | aeterm   | aedecod  | aestdtc      | aetoxgr | aeout
    P1      | 1     | fever    | Pyrexia  | "2026-02-01" | "1"     | RECOVERED/RESOLVED
    P1      | 2     | headache | Headache | "2026-02-01" | "1"     | RECOVERED/RESOLVED
    P2      | 1     | fever    | Pyrexia  | "2026-02-03" | "2"     | NOT RECOVERED/NOT RESOLVED
"""
RELEASE: Mapping[str, str] = {"adsl": SUBJECTS, "adcrs": EPISODES, "adae": EVENTS}


def release(folder: Path, types: Mapping[str, str] = TYPES, **tables: str | pl.DataFrame) -> Path:
    """A release of study S1 with these tables, and those of ``RELEASE`` where none is given.

    Args:
        folder: Where to make it.
        types: Its tables and their columns.
        tables: Rows by table; columns that are not named are empty.
    """
    folder.mkdir(parents=True)
    with duckdb.connect(folder / "crs.duckdb") as db:
        for name, columns in types.items():
            db.execute(f"create table {name} ({columns})")
            given = tables.get(name, RELEASE.get(name))
            if given is not None:
                _fill(db, name, table(given) if isinstance(given, str) else given)
    return folder


def _fill(db: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> None:
    there = {
        column
        for (column,) in db.execute("select column_name from duckdb_columns() where table_name = ?", [name]).fetchall()
    }
    db.register(
        "given",
        rows.with_columns(studyid=pl.lit("S1")).select(pl.selectors.by_name(*there, require_all=False)).to_arrow(),
    )
    db.execute(f"insert into {name} by name select * from given")
    db.unregister("given")


def changes(old: Path, new: Path) -> Compared:
    """What changed from the old release to the new one."""
    with duckdb.connect() as db:
        db.execute("create schema reference")
        headlines = next(t for t in read_references(ROOT / "sql") if t.name == "reference.headline_numbers")
        load_reference(db, headlines)
        with attached(db, old, "earlier") as first:
            if old == new:
                return compare(db, first, first)
            with attached(db, new, "later") as second:
                return compare(db, first, second)


def told(old: Path, new: Path) -> list[tuple]:
    """The changes: what, kind, subject, item, variable, from and to."""
    names = ("what", "kind", "usubjid", "item", "variable", "old_value", "new_value")
    return changes(old, new).rows.select(names).rows()
