"""T9: how clean the data were: rows in, kept and kept out, rules that did not hold, and queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from reports import notes
from reports.material import Material
from reports.phrases import Phrase
from reports.results import Results
from reports.section import Block, Drawn, Fold, Section
from reports.tables import Column, Group, Heading, Table, of_results, table
from reports.words import count

COUNTED = ("Rows in", "Kept", "Kept out", "Rows", "Rows that broke it", "Queries")
SUBJECTS = {"in DM": "Subjects in DM", "treated": "Treated", "not treated": "Not treated"}


@dataclass(frozen=True, kw_only=True)
class Cleanness:
    """Row counts of a transfer, added up, and how many rules and queries need a look."""

    rows_in: int
    rows_kept: int
    rows_quarantined: int
    rules: int
    broken: int
    queries: int


def cleanness(material: Material) -> Cleanness:
    """The totals of the data-quality tables."""
    files, findings, queries = (material.tables[name] for name in ("ingested", "findings", "queries"))
    return Cleanness(
        **{name: int(files[name].sum()) for name in ("rows_in", "rows_kept", "rows_quarantined")},
        rules=findings.height,
        broken=findings.filter(~pl.col("passed")).height,
        queries=int(queries["n"].sum()),
    )


def draw(results: Results, material: Material) -> Drawn:
    """Subjects, files, quarantine, findings, queries and settings."""
    found = cleanness(material)
    broken = material.tables["findings"].filter(~pl.col("passed"))
    blocks: tuple[Block, ...] = (
        _subjects(results),
        _files(material, found),
        _plain("Rows kept out, by rule", "Domain", material.tables["quarantine"], {"rule": "Rule", "rows": "Rows"}),
        _plain(
            f"Rules that did not hold: {count(found.broken)} of {count(found.rules)}",
            "Table",
            broken,
            {"rule": "Rule", "severity": "Severity", "failing": "Rows that broke it"},
        ),
        _plain(
            "Queries: what a person should settle",
            "Rule",
            material.tables["queries"],
            {"message": "What is wrong", "n": "Queries"},
        ),
        Fold(title="Every setting in force", blocks=(_settings(material),)),
    )
    return Drawn(blocks=blocks, notes=_notes())


def _subjects(results: Results) -> Table:
    rows = Group(rows=tuple((label, level) for level, label in SUBJECTS.items()))
    column = of_results("n", partial(results.at, "population", "subjects"), "{n:count}")
    return table("T9. Subjects", "Subjects", (rows,), (column,))


def _files(material: Material, found: Cleanness) -> Table:
    headings = {
        "domain": "Domain",
        "format": "Format",
        "rows_in": "Rows in",
        "rows_kept": "Kept",
        "rows_quarantined": "Kept out",
        "notes": "Noticed while reading",
    }
    total = {"file": "All files", "domain": "", "format": "", "notes": "", **vars(found)}
    files = (*material.tables["ingested"].iter_rows(named=True), total)
    return _table("Files of the transfer, and where their rows went", "File", "file", files, headings)


def _settings(material: Material) -> Table:
    rows = [{"key": key, "value": value} for key, value in notes.settings(material)]
    return _table("Settings of study.yaml, defaults included", "Setting", "key", rows, {"value": "Value"})


def _plain(caption: str, stub: str, frame: pl.DataFrame, headings: Mapping[str, str]) -> Table:
    return _table(caption, stub, frame.columns[0], frame.iter_rows(named=True), headings)


def _table(caption: str, stub: str, name: str, rows: Iterable[Mapping], headings: Mapping[str, str]) -> Table:
    groups = (Group(rows=tuple((str(row[name]), row) for row in rows)),)
    columns = [
        Column(heading=Heading(label=label, is_text=label not in COUNTED), show=partial(_said, key))
        for key, label in headings.items()
    ]
    return table(f"T9. {caption}", stub, groups, columns)


def _said(key: str, row: Mapping) -> Phrase:
    value = row[key]
    return (count(value) if isinstance(value, int) else value or "",)


def _notes() -> tuple[str, ...]:
    return (
        "Rows in = rows kept + rows kept out, for every file.",
        "A row kept out broke a rule or is a copy of another; the table quarantine of the release has the row and why.",
        "Queries stop nothing: each says what was assumed meanwhile; the table queries of the release has the records.",
    )


SECTION = Section(id="t9", number="T9", title="How clean the data were", draw=draw)
