"""F6: biomarkers by day and highest grade, median and quartiles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import altair as alt
import polars as pl

from reports.charts.drawing import MUTED, WIDTH, Layers, data, svg
from reports.charts.marks import MARK, Mark
from reports.charts.under import colour, counted, dash, named, numbers_under
from reports.markers import MARKERS, Marker, unit_of
from reports.material import Material
from reports.phrases import number, plain, say
from reports.places import Place, places
from reports.results import OVERALL, Cell, Cells
from reports.section import Figure, Panel
from reports.titles import titled

GRADES = {"none": "No CRS", "1": "Grade 1", "2": "Grade 2", ">=3": "Grade ≥ 3"}
QUARTILES = ("median", "q1", "q3")
# A number of subjects is as wide as two days or so.
_APART = 3
_WEEKS = (7, 14, 21, 28)
_WIDTH, _HEIGHT = WIDTH - 52, 190
_BEYOND = {"<": ("triangle-down", "Limit of quantification"), ">": ("triangle-up", "Upper limit of the assay")}


def biomarker_figure(material: Material) -> Figure | None:
    """A panel for each biomarker that was measured on any day; none where there is none.

    Args:
        material: Where the numbers, the units and the limits of the assays stand.
    """
    found = _by_marker(places(material.ard, "biomarker_results"))
    units = dict(material.tables["biomarkers"].select("testcd", "unit").iter_rows())
    limits = {name: material.tables["assay_limits"].filter(pl.col("marker") == name) for name in found}
    last = max((point.day for points in found.values() for point in points), default=None)
    if last is None:
        return None
    weeks = [0, *(day for day in _WEEKS if day < last + 7)]
    panels = tuple(
        _panel(name, unit_of(units[MARKERS[name].testcd]), points, [*_limits(limits[name])], weeks)
        for name, points in found.items()
    )
    return Figure(
        caption=titled("biomarker-curves"),
        key="Lines: median. Bands: quartiles. A triangle is a median beyond the limit of the assay, drawn at the limit "
        "that is printed for it; a band ends there likewise. Dotted: limits of the assays in this study. Below: "
        "subjects with a result that day. Days from the first dose.",
        panels=panels,
    )


@dataclass(frozen=True, kw_only=True)
class _Point:
    """The numbers of one grade on one day."""

    grade: str
    day: int
    cells: Cells

    @property
    def row(self) -> dict:
        """The place in the drawing; what lies beyond a limit is at that limit."""
        median = self.cells["median"]
        drawn = {name: _drawn(self.cells[name]) for name in QUARTILES}
        side = _side(median)
        return {
            "level": GRADES[self.grade],
            "day": self.day,
            **drawn,
            "line": drawn["median"] if side is None else None,
            "side": side,
            "mark": Mark(said=self._said()),
        }

    def _said(self) -> str:
        words = {name: number(self.cells[name], "amount").text for name in QUARTILES}
        n = plain(say("{n:count}", self.cells))
        return (
            f"{GRADES[self.grade]}, day {self.day}: median {words['median']}, quartiles {words['q1']} and "
            f"{words['q3']}, n = {n}"
        )


def _drawn(cell: Cell) -> float | None:
    """The number, or the limit that its text names, such as <5."""
    return float((cell.stat_text or "")[1:]) if _side(cell) else cell.stat


def _side(cell: Cell) -> str | None:
    text = cell.stat_text or ""
    return text[0] if cell.stat is None and text[:1] in _BEYOND else None


def _by_marker(found: dict[Place, Cells]) -> dict[str, list[_Point]]:
    points: dict[str, list[_Point]] = {}
    for at, cells in found.items():
        day = at.level.removeprefix("day ")
        is_drawn = at.stratum == OVERALL and at.by_level in GRADES and at.variable in MARKERS and day.isdigit()
        if is_drawn and cells["n"].stat:
            points.setdefault(at.variable, []).append(_Point(grade=at.by_level or "", day=int(day), cells=cells))
    return {name: points[name] for name in MARKERS if name in points}


def _limits(limits: pl.DataFrame) -> Iterator[dict]:
    for row in limits.iter_rows(named=True):
        for value in sorted({row["lowest"], row["highest"]}):
            said = plain((f"{_BEYOND[row['side']][1]}: {row['side']}", _amount(value)))
            yield {"value": value, "mark": Mark(said=said)}


def _amount(value: float) -> str:
    return f"{value:g}"


def _panel(name: str, unit: str, points: list[_Point], limits: list[dict], weeks: list[int]) -> Panel:
    grades = [grade for grade in GRADES if any(point.grade == grade for point in points)]
    levels = [GRADES[grade] for grade in grades]
    days = _spaced(point.day for point in points)
    rows = [point.row for point in points]
    marker = MARKERS[name]
    x = _x(weeks, None)
    lines = _lines(levels, _y(marker, unit, [*_amounts(rows), *(limit["value"] for limit in limits)]), weeks)
    return Panel(
        title=marker.label,
        description=f"{marker.label} in {unit}, median and quartiles by day for {', '.join(levels)}. "
        "The numbers are in the table of this section.",
        draw=partial(
            svg,
            alt.vconcat(lines, numbers_under(levels, x, _WIDTH), spacing=28, bounds="flush"),
            f"f6-{name}".lower().replace(" ", "-"),
            points=rows,
            beyond=[row for row in rows if row["side"]],
            limits=limits,
            names=[named(i, level) for i, level in enumerate(levels)],
            counts=[
                counted(grades.index(point.grade), {"day": point.day}, point.cells["n"].stat)
                for point in points
                if point.day in days
            ],
        ),
    )


def _amounts(rows: list[dict]) -> Iterator[float]:
    return (row[name] for row in rows for name in QUARTILES if row[name] is not None)


def _spaced(days: Iterable[int]) -> set[int]:
    """Days far enough apart for their numbers to stand side by side."""
    chosen: list[int] = []
    for day in sorted(set(days)):
        if not chosen or day - chosen[-1] >= _APART:
            chosen.append(day)
    return set(chosen)


def _y(marker: Marker, unit: str, amounts: list[float]) -> alt.Y:
    """The vertical scale, logarithmic where the marker is so drawn and nothing is 0."""
    look = {"format": ",~f", "title": unit, "titlePadding": 4}
    if not marker.is_log or min(amounts, default=1.0) <= 0:
        return alt.Y("q1:Q", scale=alt.Scale(zero=False, nice=True), axis=alt.Axis.from_dict({**look, "tickCount": 5}))
    low, high = _powers(amounts)
    scale = alt.Scale(type="log", nice=False, domain=[low, high])
    return alt.Y("q1:Q", scale=scale, axis=alt.Axis.from_dict({**look, "values": _ticks(low, high)}))


_STEPS = tuple(round(step * 10.0**power, 6) for power in range(-4, 8) for step in (1, 2, 5))


def _powers(amounts: list[float]) -> tuple[float, float]:
    """The round amounts between which all lie."""
    low, high = min(amounts, default=1.0), max(amounts, default=10.0)
    return max(step for step in _STEPS if step <= low), min(step for step in _STEPS if step > high)


def _ticks(low: float, high: float) -> list[float]:
    """Round amounts on the scale, powers of ten alone where others would crowd it."""
    every = [step for step in _STEPS if low <= step <= high]
    return every if len(every) <= 6 else [step for step in every if f"{step:e}".startswith("1.0")]


def _lines(levels: list[str], y: alt.Y, weeks: list[int]) -> Layers:
    x = _x(weeks, alt.Axis(values=weeks, title=None, grid=False))
    base = alt.Chart(data("points")).encode(x=x, color=colour(levels))
    rules = alt.Chart(data("limits")).mark_rule(stroke=MUTED, strokeDash=[1, 3])
    beyond = alt.Chart(data("beyond")).mark_point(filled=False, size=45, strokeWidth=1.5, opacity=1)
    shapes = alt.Scale(domain=[*_BEYOND], range=[shape for shape, _ in _BEYOND.values()])
    shape = alt.Shape("side:N", scale=shapes, legend=None)
    return alt.layer(
        base.mark_area(opacity=0.13).encode(y=y, y2="q3:Q"),
        rules.encode(y="value:Q", description=MARK),
        base.mark_line(strokeWidth=2).encode(y="line:Q", strokeDash=dash(levels)),
        base.mark_point(filled=True, size=22, opacity=1).encode(y="line:Q", description=MARK),
        beyond.encode(x=x, y="median:Q", shape=shape, color=colour(levels), description=MARK),
    ).properties(width=_WIDTH, height=_HEIGHT)


def _x(weeks: list[int], axis: alt.Axis | None) -> alt.X:
    return alt.X("day:Q", axis=axis, scale=alt.Scale(domain=[0, weeks[-1]], nice=False))
