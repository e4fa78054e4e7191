"""A chart as inline SVG, in the page's own colours."""

import re

import altair as alt
import vl_convert

from reports.charts.marks import Mark, numbered, told
from reports.charts.slim import slim

# The page's custom properties, so that one drawing serves light, dark and print.
INK, MUTED, RULE, PAPER = "var(--ink)", "var(--muted)", "var(--rule)", "var(--paper)"
# Levels of the highest grade, worst last, CRS without a grade after them.
GRADE_COLOURS = {grade: f"var(--grade-{grade})" for grade in ("1", "2", "3", "4", "5", "missing")}
Layers = alt.Chart | alt.LayerChart | alt.FacetChart
_SERIES = 6
# Told apart without colour too.
_DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [12, 4], [4, 4])
WIDTH = 340
# Letters of a browser may be wider than those that texts are measured with here.
TEXT = 0.86 * WIDTH


def series_colours(n: int) -> list[str]:
    """So many colours that colour-blind readers tell apart, repeated after the sixth."""
    return [f"var(--series-{i % _SERIES + 1})" for i in range(n)]


def series_dashes(n: int) -> list[list[int]]:
    """So many patterns of dashes, the first a solid line."""
    return [_DASHES[i % _SERIES] for i in range(n)]


def pixel_x(field: str) -> alt.X:
    """The field as pixels from the left of the drawing."""
    return alt.X(f"{field}:Q", axis=None, scale=None)


def pixel_y(field: str) -> alt.Y:
    """The field as pixels from the top of the drawing."""
    return alt.Y(f"{field}:Q", axis=None, scale=None)


def data(name: str) -> alt.NamedData:
    """Data by name, handed to ``svg``; within a chart, altair would hold every row against its schema."""
    return alt.NamedData(name=name)


def svg(chart: alt.TopLevelMixin, name: str, **rows: list[dict]) -> str:
    """The chart as an SVG element that scales with its box.

    Args:
        chart: An altair chart without configuration of its own.
        name: Unique on the page; the identifiers inside the SVG begin with it.
        **rows: Its data, by name; where a row has a ``Mark``, what is drawn of it can be pointed at.
    """
    marks: list[Mark] = []
    sets = {name: numbered(found, marks) for name, found in rows.items()}
    spec = {**chart.configure(**_THEME).to_dict(validate=False), "datasets": sets}
    # Nothing of a chart depends on the study but its data, and holding it against its schema takes a third of the time.
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    return told(slim(_scalable(_apart(vl_convert.vegalite_to_svg(spec, vl_version=version), name))), marks)


def _apart(drawn: str, name: str) -> str:
    """The drawing with its clip paths renamed, for all drawings of a page share one space of names.

    Vega counts them on from drawing to drawing, so that the same one would have other names when made again.
    """
    names: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        return found[1] + names.setdefault(found[2], f"{name}-clip{len(names)}")

    return re.sub(r'(id="|url\(#)([^")]+)', renamed, drawn)


def _scalable(drawn: str) -> str:
    """The drawing without a fixed size, so that it is as wide as its box."""
    return re.sub(r'^(<svg [^>]*?) width="[\d.]+" height="[\d.]+"', r"\1", drawn, count=1)


_AXIS = {
    "labelColor": MUTED,
    "titleColor": MUTED,
    "titleFontWeight": "normal",
    "titleFontSize": 11,
    "labelFontSize": 11,
    "gridColor": RULE,
    "domainColor": RULE,
    "tickColor": RULE,
}
_THEME = {
    "aria": False,
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "padding": 2,
    "view": {"stroke": None},
    "axis": _AXIS,
    "legend": {
        "orient": "top",
        "title": None,
        "labelColor": INK,
        "labelFontSize": 11,
        "labelLimit": 300,
        "padding": 0,
        "offset": 6,
    },
}
