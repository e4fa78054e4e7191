"""One kind of table for every report: groups of rows, and columns that know how to show a row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from reports.phrases import Phrase, say
from reports.results import OVERALL, Cells, Stratum

Key = TypeVar("Key")


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Heading of a column: its name, what its cells hold, and whether they are text rather than numbers."""

    label: str
    holds: str = ""
    is_text: bool = False


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Key]):
    """A column: its heading, and the cell it shows of a row."""

    heading: Heading
    show: Callable[[Key], Phrase]


@dataclass(frozen=True, kw_only=True)
class Group(Generic[Key]):
    """Rows under one heading: the stub and the key of each."""

    label: str = ""
    rows: tuple[tuple[str, Key], ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A printed row, and the stratum it is about."""

    stub: str
    cells: tuple[Phrase, ...]
    stratum: Stratum = OVERALL


@dataclass(frozen=True, kw_only=True)
class Body:
    """Printed rows under one heading."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A printed table, in no format yet."""

    caption: str
    stub: str
    headings: tuple[Heading, ...]
    bodies: tuple[Body, ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Records as they are, to be searched and sorted; its name is unique in a report."""

    name: str
    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str | None, ...], ...]

    def as_table(self) -> Table:
        """The same as a table, for paper; a row is named by its first column."""
        stub, *others = self.headings
        rows = tuple(Row(stub=row[0] or "", cells=tuple((text or "",) for text in row[1:])) for row in self.rows)
        return Table(caption=self.caption, stub=stub.label, headings=tuple(others), bodies=(Body(label="", rows=rows),))


def of_results(
    label: str, cells: Callable[[Key], Cells], show: str | Callable[[Cells], Phrase], holds: str = ""
) -> Column[Key]:
    """A column of analysis results.

    Args:
        label: Its heading.
        cells: The results of a row.
        show: How they are said: a pattern of ``phrases.say``, or a function of the results.
        holds: What its cells hold, such as ``n (%)``.
    """

    def shown(key: Key) -> Phrase:
        return say(show, cells(key)) if isinstance(show, str) else show(cells(key))

    return Column(heading=Heading(label=label, holds=holds), show=shown)


def table(caption: str, stub: str, groups: Iterable[Group[Key]], columns: Iterable[Column[Key]]) -> Table:
    """The table of these rows and columns.

    Args:
        caption: What the table shows.
        stub: Heading of the first column.
        groups: Its rows.
        columns: Its further columns.
    """
    shown = tuple(columns)
    return Table(
        caption=caption,
        stub=stub,
        headings=tuple(column.heading for column in shown),
        bodies=tuple(Body(label=group.label, rows=_rows(group, shown)) for group in groups),
    )


def _rows(group: Group[Key], columns: tuple[Column[Key], ...]) -> tuple[Row, ...]:
    return tuple(
        Row(stub=stub, cells=tuple(column.show(key) for column in columns), stratum=_stratum_of(key))
        for stub, key in group.rows
    )


def _stratum_of(key: object) -> Stratum:
    """The stratum that a key is or has; all subjects where it has none."""
    found = getattr(key, "stratum", key)
    return found if isinstance(found, tuple) and all(isinstance(level, tuple) for level in found) else OVERALL
