"""Heat map: incidence of CRS in every therapy, dose level and tumour burden together."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from textwrap import wrap

import altair as alt

from reports.charts.drawing import INK, MUTED, PAPER, TEXT, WIDTH, Layers, data, pixel_x, pixel_y, svg
from reports.charts.marks import MARK, Mark
from reports.phrases import plain, say, share_and_limits
from reports.results import Cells, Results, Stratum
from reports.section import Figure, Panel
from reports.strata import name_of
from reports.titles import titled
from reports.words import NO_SUBJECTS

MEASURES = {"Any grade": "any", "Grade ≥ 3": ">=3"}
# Where a colour begins. The finest steps are where incidences of grade 3 and more lie; the number stands in each cell.
STEPS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6)
COLOURS = tuple(f"var(--heat-{i})" for i in range(1, len(STEPS) + 1))
# The first three are light enough for ink, in dark as in light.
_ON_COLOUR = (INK, INK, INK, PAPER, PAPER, PAPER)
_LABELS = 104
_CELL, _LINE, _LETTERS = 40, 20, 52


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A line of the map: words, or the cells of a dose level."""

    said: str
    is_title: bool = False
    cells: tuple[tuple[Stratum, Cells], ...] = ()


def heat_figure(results: Results) -> Figure | None:
    """A map for each measure, a block for each therapy; none where strata are not crossed.

    Args:
        results: Where the numbers stand.
    """
    if not _crossed(results):
        return None
    return Figure(
        caption=titled("incidence-map"),
        key=f"Columns: tumour burden. In each cell the share of its treated subjects, and n/N. {_key()}",
        panels=tuple(_panel(results, measure, level) for measure, level in MEASURES.items()),
    )


def _key() -> str:
    steps = ", ".join(f"{100 * step:g}" for step in STEPS[1:])
    return f"Darker (on a dark screen lighter) is higher, in steps at {steps} %. A dashed cell has no subjects."


def _crossed(results: Results) -> list[Stratum]:
    return [stratum for stratum in results.strata if len(stratum) == 3]


def _panel(results: Results, measure: str, level: str) -> Panel:
    rows = [*_rows(results, level)]
    columns = list(dict.fromkeys(stratum[-1][1] for stratum in _crossed(results)))
    placed = [(row, _LINE + sum(map(_height, rows[:i]))) for i, row in enumerate(rows)]
    cells = [_cell(measure, stratum, found, columns, top) for row, top in placed for stratum, found in row.cells]
    return Panel(
        title=measure,
        description=f"{measure}: {len(cells)} cells, a row a dose level and a column a tumour burden. "
        "The numbers are in the table of crossed strata.",
        draw=partial(
            svg,
            _map(_width(columns), _LINE + sum(map(_height, rows))),
            f"heat-{level.replace('>=', 'from-')}",
            cells=cells,
            filled=[cell for cell in cells if cell["fill"] != PAPER],
            nobody=[cell for cell in cells if cell["fill"] == PAPER],
            titles=[{"text": row.said, "y": top + _LINE / 2} for row, top in placed if row.is_title],
            names=[{"text": row.said, "y": top + _CELL / 2} for row, top in placed if row.cells],
            notes=[
                {"text": row.said, "y": top + _LINE / 2} for row, top in placed if not row.cells and not row.is_title
            ],
            columns=[
                {"text": column, "x": _left(i, columns) + _width(columns) / 2} for i, column in enumerate(columns)
            ],
        ),
    )


def _map(column: float, height: float) -> Layers:
    cells = alt.Chart(data("cells")).encode(description=MARK)
    edge = {"stroke": MUTED, "strokeWidth": 0.75}
    nobody = alt.Chart(data("nobody")).mark_rect(strokeDash=[3, 3], **edge)
    box = {"x": pixel_x("x"), "x2": "x2", "y": pixel_y("y"), "y2": "y2", "fill": alt.Fill("fill:N", scale=None)}
    middle = {"x": pixel_x("middle"), "color": alt.Color("ink:N", scale=None), "description": MARK}
    names = alt.Chart(data("names")).mark_text(align="left", fontSize=11, color=INK, limit=_LABELS - 6)
    notes = alt.Chart(data("notes")).mark_text(align="left", fontSize=11, color=MUTED, limit=TEXT)
    titles = alt.Chart(data("titles")).mark_text(align="left", fontSize=11, fontWeight=600, color=INK, limit=TEXT)
    columns = alt.Chart(data("columns")).mark_text(fontSize=11, color=MUTED, limit=column, y=_LINE / 2)
    return alt.layer(
        alt.Chart(data("filled")).mark_rect(**edge).encode(**box, description=MARK),
        nobody.encode(**box, description=MARK),
        cells.mark_text(fontSize=12, fontWeight=600, dy=-7).encode(y=pixel_y("centre"), text="share:N", **middle),
        cells.mark_text(fontSize=10, dy=8).encode(y=pixel_y("centre"), text="of:N", **middle),
        *(text.encode(x=alt.value(0), y=pixel_y("y"), text="text:N") for text in (titles, names, notes)),
        columns.encode(x=pixel_x("x"), text="text:N"),
    ).properties(width=WIDTH, height=height)


def _rows(results: Results, level: str) -> Iterator[_Row]:
    for therapy, of_therapy in groupby(_crossed(results), key=lambda stratum: stratum[0][1]):
        yield _Row(said=therapy, is_title=True)
        empty = []
        for dose, strata in groupby(of_therapy, key=lambda stratum: stratum[1][1]):
            cells = tuple((stratum, results.at("incidence", "max_grade", level, stratum)) for stratum in strata)
            if any(found["N"].stat for _, found in cells):
                yield _Row(said=dose, cells=cells)
            else:
                empty.append(dose)
        said = f"No subjects: {', '.join(empty)}" if empty else ""
        yield from (_Row(said=line) for line in wrap(said, _LETTERS))


def _height(row: _Row) -> int:
    return _CELL if row.cells else _LINE


def _width(columns: list[str]) -> float:
    return (WIDTH - _LABELS) / len(columns)


def _left(place: int, columns: list[str]) -> float:
    return _LABELS + place * _width(columns)


def _cell(measure: str, stratum: Stratum, cells: Cells, columns: list[str], top: float) -> dict:
    left = _left(columns.index(stratum[-1][1]), columns)
    p = cells["p"].stat
    step = sum(p >= start for start in STEPS) - 1 if p is not None else None
    return {
        "x": left + 1,
        "x2": left + _width(columns) - 1,
        "middle": left + _width(columns) / 2,
        "y": top + 1,
        "y2": top + _CELL - 1,
        "centre": top + _CELL / 2,
        # Not without a fill, for a mark without one could not be pointed at.
        "fill": PAPER if step is None else COLOURS[step],
        "ink": MUTED if step is None else _ON_COLOUR[step],
        "share": plain(say("{p:percent} %", cells)) if step is not None else NO_SUBJECTS,
        "of": plain(say("{n:count}/{N:count}", cells)),
        "mark": Mark(said=f"{name_of(stratum)} · {measure}: {plain(share_and_limits(cells))}", whose=stratum),
    }
