"""The tables and listings of a report's sections, numbered, each with its footnotes."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from reports import notes
from reports.material import Material
from reports.people import numbers
from reports.phrases import plain
from reports.section import Block, Drawn, Fold, Narratives, Section, Sentence
from reports.tables import Body, Listing, Table

_NUMBERED = re.compile(r"([A-Z]\d+)\. (.*)", re.DOTALL)
# A footnote that begins so is of that table alone.
_OF_ONE = re.compile(r"([A-Z]\d+): ")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table or listing to be printed.

    Args:
        number: Such as T3.2 or L1.
        caption: What it shows.
        population: Who was counted; empty where nobody is.
        notes: Its footnotes.
        table: Its rows.
        is_listing: Whether its first column is a key, printed once and again at page tops.
    """

    number: str
    caption: str
    population: str
    notes: tuple[str, ...]
    table: Table
    is_listing: bool


def sheets(material: Material, sections: Iterable[Section]) -> tuple[Sheet, ...]:
    """Every table and listing of these sections, in order, the folded ones too.

    Args:
        material: What they are drawn from.
        sections: What is to be printed.

    Raises:
        MissingResult: If the ARD lacks a number that they print.
    """
    found = [
        (_named(block.caption, section), block, drawn)
        for section in sections
        for drawn in (section.drawn(material),)
        for block in [*_tables(drawn.blocks)] or [_nothing(section)]
    ]
    methods = dict(material.ard.select("cell_id", "method").iter_rows())
    every = {*methods.values()}
    several = {name for name, count in Counter(name for (name, _), _, _ in found).items() if count > 1}
    population, so_far, made = notes.population(material.results), Counter[str](), []
    for (name, caption), block, drawn in found:
        so_far[name] += 1
        number = f"{name}.{so_far[name]}" if name in several else name
        own = {methods[one.cell_id] for one in numbers(block)}
        said = [note for note in _own(drawn, name) if _names(note, own) or not _names(note, every)]
        made.append(_sheet(number, caption, block, said, population))
    return tuple(made)


def _tables(blocks: Iterable[Block]) -> Iterator[Table | Listing]:
    for block in blocks:
        if isinstance(block, Table | Listing):
            yield block
        elif isinstance(block, Narratives):
            yield block.as_listing()
        elif isinstance(block, Fold):
            yield from _tables(block.blocks)


def _nothing(section: Section) -> Table:
    """The table of a section that has none: its sentence, which says why, is the footnote."""
    return Table(caption=section.title, stub="", headings=(), bodies=(Body(label="", rows=()),))


def _named(caption: str, section: Section) -> tuple[str, str]:
    """The number that a caption begins with, and its rest; of a caption without one, the section's initial."""
    found = _NUMBERED.fullmatch(caption)
    return (found[1], found[2]) if found else (section.number.split(",")[0] or section.title[0], caption)


def _own(drawn: Drawn, name: str) -> list[str]:
    """What is said above the tables, and the footnotes that are not of another table alone."""
    sentences = (plain(block.said) for block in drawn.blocks if isinstance(block, Sentence))
    told = ((note, _OF_ONE.match(note)) for note in (*sentences, *drawn.notes))
    return [note for note, one in told if one is None or one[1] == name]


def _names(note: str, methods: Collection[str]) -> bool:
    """Whether the footnote names one of these estimators, or begins to."""
    return any(method.startswith(note.removesuffix(".")) for method in methods)


def _sheet(number: str, caption: str, block: Table | Listing, said: list[str], population: str) -> Sheet:
    is_listing = isinstance(block, Listing)
    return Sheet(
        number=f"Listing {number}" if is_listing else f"Table {number}",
        caption=caption,
        population=population if population in said else "",
        notes=tuple(note for note in said if note != population),
        table=block.as_table() if isinstance(block, Listing) else block,
        is_listing=is_listing,
    )
