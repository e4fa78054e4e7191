"""``analysis.changes`` and ``analysis.compared`` of a warehouse, against the newest release of an earlier cut."""

import json
from pathlib import Path

import duckdb
import polars as pl

from pipelines.changes.comparing import Compared, compare
from pipelines.changes.kinds import KINDS
from pipelines.changes.releases import Earlier, earlier_release
from pipelines.changes.sides import attached, of_warehouse
from pipelines.described import Described
from pipelines.warehouse import rows, write_described

READS = ("analysis.ard", *(f"analysis.{kind.table}" for kind in KINDS.values() if kind.table != "settings"))


def write_changes(db: duckdb.DuckDBPyConnection, releases: Path, changes: Described, compared: Described) -> int:
    """How many changes there are, once both tables are written; both are empty on the first cut.

    Args:
        db: The study's warehouse, built up to analysis.ard.
        releases: Where the study's releases lie.
        changes: What analysis.changes is.
        compared: What analysis.compared is.
    """
    [(cut,)] = rows(db, "select max(transfer) from study.studies")
    earlier = earlier_release(releases, cut)
    if earlier is None:
        write_described(db, (changes, compared), {})
        return 0
    with attached(db, earlier.folder, "earlier") as old:
        found = compare(db, old, of_warehouse(db))
    write_described(db, (changes, compared), {changes.name: found.rows, compared.name: _told(earlier, found)})
    return found.rows.height


def _told(earlier: Earlier, found: Compared) -> pl.DataFrame:
    """The release compared with, as analysis.compared tells it."""
    outputs = json.loads((earlier.folder / "manifest.json").read_text())["outputs"]
    return pl.DataFrame(
        {
            "release": [earlier.folder.name],
            "cut": [earlier.cut],
            "code_version": [earlier.code_version],
            "sha256": [outputs.get("crs.duckdb")],
            "left_out": [", ".join(found.left_out)],
        }
    )
