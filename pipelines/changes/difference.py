"""The answer of ``crsight diff``: two releases of a study, held against each other."""

from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from pipelines.changes.comparing import Compared, compare
from pipelines.changes.releases import named
from pipelines.changes.sides import attached
from pipelines.described import read_references
from pipelines.site import SQL, Site
from pipelines.warehouse import CONFIG, load_reference

HEADLINES = "reference.headline_numbers"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Two releases by their names, and what differs."""

    study: str
    old: str
    new: str
    compared: Compared

    def as_dict(self) -> dict[str, Any]:
        """The difference for machines."""
        return {
            "study": self.study,
            "from": self.old,
            "to": self.new,
            "left_out": list(self.compared.left_out),
            "changes": self.compared.rows.drop("position").to_dicts(),
        }

    def lines(self, verbose: bool = False) -> list[str]:
        """The difference for people, a change a line.

        Args:
            verbose: Whether to name what was only followed longer, too.
        """
        rows = self.compared.rows
        followed = rows.filter(pl.col("kind") == "followed")
        shown = rows if verbose else rows.filter(pl.col("kind") != "followed")
        said = [_line(row) for row in shown.iter_rows(named=True)] or ["Nothing changed."]
        if followed.height and not verbose:
            said.append(f"Only followed longer: {followed.height}; -v names them.")
        if self.compared.left_out:
            said.append(f"Not compared, for one of the two lacks it: {', '.join(self.compared.left_out)}.")
        return [f"{self.study}: from {self.old} to {self.new}", *said]


def difference(site: Site, study: str, old: str, new: str) -> Difference:
    """What changed from one release of a study to another.

    Args:
        site: Where the releases are.
        study: The study.
        old: A release by its name, such as 2026-03-31.
        new: Another, or the same.

    Raises:
        WrongUsage: If there is no such release.
    """
    before, after = (named(site.release_folder(study), name) for name in (old, new))
    with duckdb.connect(config={**CONFIG}) as db:
        db.execute("create schema reference")
        load_reference(db, next(table for table in read_references(SQL) if table.name == HEADLINES))
        # One file can be attached once only.
        with attached(db, before, "earlier") as first:
            if before == after:
                return Difference(study=study, old=old, new=new, compared=compare(db, first, first))
            with attached(db, after, "later") as second:
                return Difference(study=study, old=old, new=new, compared=compare(db, first, second))


def _line(row: dict[str, Any]) -> str:
    what = f"{row['kind']} {row['what']}" + (f", {row['usubjid']}" if row["usubjid"] else "")
    of = "".join(f": {row[name]}" for name in ("item", "variable") if row[name])
    return what + of + _values(row)


def _values(row: dict[str, Any]) -> str:
    old, new = row["old_value"], row["new_value"]
    if row["kind"] in ("new", "removed"):
        value = new if row["kind"] == "new" else old
        return f": {value}" if value else ""
    return f": {old or 'empty'} -> {new or 'empty'}"
