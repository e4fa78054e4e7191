"""T9: how clean the data were: rows in, kept and kept out, rules that did not hold, and queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from reports import notes
from reports.material import Material
from reports.phrases import Phrase
from reports.results import Results
from reports.section import Block, Drawn, Fold, section
from reports.tables import Column, Group, Heading, Table, of_results, table
from reports.titles import titled
from reports.words import count

SUBJECTS = {"in DM": "Subjects in DM", "treated": "Treated", "not treated": "Not treated"}
_text = partial(Heading, is_text=True)
FILES = {
    "domain": _text(label="Domain"),
    "format": _text(label="Format"),
    "rows_in": Heading(label="Rows in"),
    "rows_kept": Heading(label="Kept"),
    "rows_quarantined": Heading(label="Kept out"),
    "notes": _text(label="Noticed while reading"),
}
QUARANTINE = {"rule": _text(label="Rule"), "rows": Heading(label="Rows")}
FINDINGS = {
    "rule": _text(label="Rule"),
    "severity": _text(label="Severity"),
    "failing": Heading(label="Rows that broke it"),
}
QUERIES = {"message": _text(label="What is wrong"), "n": Heading(label="Queries")}
SETTINGS = {"value": _text(label="Value")}
NOTES = (
    "Rows in = rows kept + rows kept out, for every file.",
    "A row kept out broke a rule or is a copy of another; the table quarantine of the release has the row and why.",
    "Queries stop nothing: each says what was assumed meanwhile; the table queries of the release has the records.",
    "dictionary.html of the release says what each of its tables and columns is.",
)


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
    rules = titled("rules", broken=count(found.broken), rules=count(found.rules))
    settings = pl.DataFrame([*notes.settings(material)], schema=["key", "value"], orient="row")
    blocks: tuple[Block, ...] = (
        _subjects(results),
        _files(material, found),
        _plain(titled("rows-kept-out"), "Domain", material.tables["quarantine"], QUARANTINE),
        _plain(rules, "Table", broken, FINDINGS),
        _plain(titled("queries"), "Rule", material.tables["queries"], QUERIES),
        Fold(
            title="Every setting in force",
            blocks=(_plain(titled("settings"), "Setting", settings, SETTINGS),),
        ),
    )
    return Drawn(blocks=blocks, notes=NOTES)


def _subjects(results: Results) -> Table:
    rows = Group(rows=tuple((label, level) for level, label in SUBJECTS.items()))
    column = of_results("n", partial(results.at, "population", "subjects"), "{n:count}")
    return table(titled("subjects"), "Subjects", (rows,), (column,))


def _files(material: Material, found: Cleanness) -> Table:
    total = pl.DataFrame([{"file": "All files", **vars(found)}])
    files = pl.concat([material.tables["ingested"], total], how="diagonal_relaxed")
    return _plain(titled("files"), "File", files, FILES)


def _plain(caption: str, stub: str, frame: pl.DataFrame, headings: Mapping[str, Heading]) -> Table:
    """The frame as a table: its first column is the stub, and these are the others."""
    rows = Group(rows=tuple((str(row[frame.columns[0]]), row) for row in frame.iter_rows(named=True)))
    columns = [Column(heading=heading, show=partial(_said, name)) for name, heading in headings.items()]
    return table(caption, stub, (rows,), columns)


def _said(name: str, row: dict) -> Phrase:
    value = row[name]
    return (count(value) if isinstance(value, int) else value or "",)


SECTION = section("section.t9", draw)
