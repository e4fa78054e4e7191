"""Columns of a table: how wide each is, and which stand together on a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.paper.aligned import aligned
from reports.paper.letters import Face, ruler, visible
from reports.phrases import plain
from reports.tables import Heading, Table

_GAP_EM = 1.2
# How far columns are moved apart where there is room.
_WIDEST_GAP_EM = 4.0
# A word wider than this is broken.
_LONGEST_WORD_EM = 16.0
_SHORT_EM = 8.0
_INDENT = "\N{NO-BREAK SPACE}" * 2


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its heading and cells, as text with line breaks, and how wide they are.

    Args:
        heading: Name, and what its cells hold.
        is_text: Whether its cells are text, which may be broken into lines anew.
        cells: All of them, whichever body they are in.
        least: Width in ems below which a word would be broken.
        most: Width in ems with which no line need be broken.
    """

    heading: str
    is_text: bool
    cells: tuple[str, ...]
    least: float
    most: float


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Columns that stand together on a page: their places, the stub's, which is 0, first, and the gap behind each."""

    places: tuple[int, ...]
    gap: float


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Columns on pages, in ems.

    Args:
        size: Of letters, in points.
        widths: Of each column without the gap, the stub first.
        panels: What stands together.
    """

    size: float
    widths: tuple[float, ...]
    panels: tuple[Panel, ...]


def columns(table: Table, face: Face) -> tuple[Column, ...]:
    """The stub and the columns of a table, numbers aligned.

    Args:
        table: What is to be printed.
        face: In which typeface.
    """
    rows = [row for body in table.bodies for row in body.rows]
    indents = [_INDENT if body.label else "" for body in table.bodies for _ in body.rows]
    stubs = [indent + visible(row.stub) for indent, row in zip(indents, rows, strict=True)]
    stub = _column(Heading(label=table.stub, is_text=True), stubs, face)
    cells = [[visible(plain(row.cells[i])) for row in rows] for i in range(len(table.headings))]
    return (stub, *(_column(heading, cells[i], face) for i, heading in enumerate(table.headings)))


def _column(heading: Heading, cells: Sequence[str], face: Face) -> Column:
    said = visible("\n".join(filter(None, (heading.label, heading.holds))))
    shown = cells if heading.is_text else aligned(cells, ruler(face))
    lines = {line for cell in {*shown} for line in cell.split("\n")}
    named = min(_widest({*said.split(), *_unbroken(heading, face)}, face), _LONGEST_WORD_EM)
    least = most = max(named, _widest(lines, face))
    if heading.is_text:
        words = {word for line in lines for word in line.split(" ")}
        least = max(named, min(_widest(words, face), _LONGEST_WORD_EM))
    return Column(heading=said, is_text=heading.is_text, cells=tuple(shown), least=least, most=most)


def _unbroken(heading: Heading, face: Face) -> list[str]:
    """What the cells hold, such as ``% (95 % CI)``, where that is short enough for one line."""
    holds = visible(heading.holds)
    return [holds] if ruler(face).width(holds) <= _SHORT_EM else []


def _widest(texts: Iterable[str], face: Face) -> float:
    width = ruler(face).width
    return max(map(width, texts), default=0.0)


def plan(found: Sequence[Column], width_pt: float, sizes: Sequence[float], caps: Sequence[float]) -> Plan:
    """The columns on as few pages as can be, in the largest letters that allow it.

    Args:
        found: The columns, the stub first.
        width_pt: Between the margins of a page, points.
        sizes: Of letters, points, the best first; never smaller than the last.
        caps: Widths in ems beyond which text is broken into lines, the best first.
    """
    plans = [_plan(found, width_pt, size, cap) for size in sizes for cap in caps]
    return min(plans, key=lambda plan: len(plan.panels))


def _plan(found: Sequence[Column], width_pt: float, size: float, cap: float) -> Plan:
    room = width_pt / size
    widths = [min(max(column.least, min(column.most, cap)), room / 3) for column in found]
    panels = _balanced([width + _GAP_EM for width in widths], room)
    for panel in panels:
        _widen(found, widths, panel, room)
    spread = (Panel(places=panel, gap=_gap([widths[i] for i in panel], room)) for panel in panels)
    return Plan(size=size, widths=tuple(widths), panels=tuple(spread))


def _widen(found: Sequence[Column], widths: list[float], panel: tuple[int, ...], room: float) -> None:
    """Give the room that is left to columns whose text is broken; not to the stub, which other pages have too."""
    wanted = {i: found[i].most - widths[i] for i in panel[1:] if found[i].most > widths[i]}
    left = max(0.0, room - sum(widths[i] + _GAP_EM for i in panel))
    share = min(1.0, left / sum(wanted.values())) if wanted else 0.0
    for i, more in wanted.items():
        widths[i] += more * share


def _gap(widths: Sequence[float], room: float) -> float:
    return max(_GAP_EM, min(_WIDEST_GAP_EM, (room - sum(widths)) / len(widths)))


def _balanced(widths: Sequence[float], room: float) -> tuple[tuple[int, ...], ...]:
    """As few panels as can be, about equally wide."""
    fewest = _panels(widths, room)
    even = widths[0] + sum(widths[1:]) / len(fewest)
    # Ten steps from what would be even to all there is.
    tries = (_panels(widths, min(even + step * (room - even) / 10, room)) for step in range(10))
    return next((panels for panels in tries if len(panels) == len(fewest)), fewest)


def _panels(widths: Sequence[float], room: float) -> tuple[tuple[int, ...], ...]:
    panels, used = [[0]], widths[0]
    for i, width in enumerate(widths[1:], start=1):
        if used + width > room and len(panels[-1]) > 1:
            panels.append([0])
            used = widths[0]
        panels[-1].append(i)
        used += width
    return tuple(tuple(panel) for panel in panels)
