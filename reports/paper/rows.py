"""Rows broken into lines, and put on pages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reports.paper.columns import Column, Plan
from reports.paper.letters import Face, ruler, visible
from reports.tables import Table

Lines = tuple[str, ...]
NONE = "None."
CONTINUED = "(continued)"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A printed row: the lines of each cell; of a heading, one cell across all columns."""

    cells: tuple[Lines, ...]
    is_heading: bool = False

    @property
    def height(self) -> int:
        """In lines."""
        return max(map(len, self.cells))

    def of(self, panel: Sequence[int]) -> "Line":
        """The row in these columns alone."""
        return self if self.is_heading else replace(self, cells=tuple(self.cells[i] for i in panel))


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """Rows under one heading, if any, and the heading where they go on."""

    heading: tuple[Line, ...]
    again: tuple[Line, ...]
    rows: tuple[Line, ...]

    @property
    def height(self) -> int:
        """In lines."""
        return _height((*self.heading, *self.rows))


def lines(table: Table, found: Sequence[Column], planned: Plan, face: Face) -> list[Bundle]:
    """The bodies of a table, every cell broken into the lines of its column.

    Args:
        table: What is to be printed.
        found: Its columns.
        planned: Their widths.
        face: The typeface.
    """
    wrapped = ruler(face).wrapped
    # The same text is broken once.
    broken = [
        {cell: wrapped(cell, width) for cell in {*column.cells}}
        for column, width in zip(found, planned.widths, strict=True)
    ]
    by_row = (
        Line(cells=tuple(lines[cell] for lines, cell in zip(broken, row, strict=True)))
        for row in zip(*(column.cells for column in found), strict=True)
    )
    # As wide as the narrowest panel, for the heading is on each.
    width = min(sum(planned.widths[i] for i in panel.places) for panel in planned.panels)
    return [
        Bundle(
            heading=_heading(wrapped(visible(body.label), width)),
            again=_heading(wrapped(visible(f"{body.label} {CONTINUED}"), width)) if body.label else (),
            rows=tuple(next(by_row) for _ in body.rows) or _heading((NONE,)),
        )
        for body in table.bodies
    ]


def _height(rows: Iterable[Line]) -> int:
    return sum(row.height for row in rows)


def _heading(said: Lines) -> tuple[Line, ...]:
    return (Line(cells=(said,), is_heading=True),) if any(said) else ()


def filled(bundles: Iterable[Bundle], room: int, *, is_listing: bool) -> Iterator[list[Line]]:
    """The rows of each page: a heading never without a row, repeated where its rows go on.

    Args:
        bundles: The rows under their headings.
        room: Lines of a page.
        is_listing: Whether the first column is printed once for all rows that share it, and again at page tops.
    """
    page: list[Line] = []
    used = 0
    for bundle in bundles:
        opening = bundle.heading
        for row in _pieces(bundle, room):
            if page and used + _height((*opening, row)) > room:
                yield _keyed(page) if is_listing else page
                page, used, opening = [], 0, opening or bundle.again
            page += [*opening, row]
            used += _height((*opening, row))
            opening = ()
    yield _keyed(page) if is_listing else page


def _pieces(bundle: Bundle, room: int) -> Iterator[Line]:
    """The rows; one that is higher than a page in as many parts as it needs."""
    most = max(room - _height(bundle.again), 1)
    for row in bundle.rows:
        for start in range(0, row.height, most):
            yield row if row.height <= most else _part(row, start, most)


def _part(row: Line, start: int, most: int) -> Line:
    """Some lines of a row, with its stub again where that has ended."""
    part = [lines[start : start + most] for lines in row.cells]
    first = part[0] or row.cells[0][:most]
    return replace(row, cells=(first, *(lines or ("",) for lines in part[1:])))


def _keyed(page: Sequence[Line]) -> list[Line]:
    keys = [row.cells[0] for row in page]
    return [
        replace(row, cells=(("",), *row.cells[1:])) if i and not row.is_heading and keys[i] == keys[i - 1] else row
        for i, row in enumerate(page)
    ]
