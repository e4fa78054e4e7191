"""Raw domains drawn in text, as the screening meets them."""

import duckdb

from pipelines.quality import Outcome, read_domain_rules, screen
from tests.harness import database, table
from tests.lines import empty_raw
from tests.received import received
from tests.shared import ROOT

RULES = read_domain_rules(ROOT / "sql")
DM = """
    studyid | usubjid
    S1      | P1
    S1      | P2
"""


def arrived(**domains: str) -> duckdb.DuckDBPyConnection:
    """A database with these domains as received in the schema arrived, and the raw views on them."""
    db = database()
    empty_raw(db)
    db.execute("create schema arrived")
    for domain, text in domains.items():
        db.register("given", received(domain.upper(), table(text)).to_arrow())
        db.execute(f"create table arrived.{domain} as select * from given")
        db.execute(f"drop table raw.{domain}")
        kept_out = f"(select file as _file, row as _row from quality.quarantine where domain = '{domain.upper()}')"
        db.execute(
            f"create view raw.{domain} as select * from arrived.{domain} anti join {kept_out} using (_file, _row)"
        )
    return db


def as_received(db: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """By dataset, a SELECT of its rows as received."""
    found: dict[str, list[str]] = {}
    query = "select table_name, column_name from duckdb_columns() where schema_name = 'arrived' order by all"
    for name, column in db.execute(query).fetchall():
        if not column.startswith("_") or column in ("_file", "_row"):
            found.setdefault(name, []).append(column)
    return {name.upper(): f"select {', '.join(columns)} from arrived.{name}" for name, columns in found.items()}


def screened(db: duckdb.DuckDBPyConnection, *names: str) -> dict[str, Outcome]:
    """The outcomes of the rules of these names, of all when none is named, by domain and name."""
    rules = [rule for rule in RULES if not names or rule.name in names]
    outcomes = screen(db, rules, as_received(db))
    return {f"{outcome.rule.table} {outcome.rule.name}": outcome for outcome in outcomes}


def kept_out(db: duckdb.DuckDBPyConnection) -> list[tuple[str, int, str]]:
    """File, row and rule of each row in quarantine."""
    return db.execute("select file, row, rule from quality.quarantine order by all").fetchall()
