"""What stands under curves: the name of each, which is also the key to them, and its numbers of subjects."""

from collections.abc import Sequence

import altair as alt

from reports.charts.drawing import INK, Layers, data, series_colours, series_dashes
from reports.charts.marks import MARK, Mark
from reports.results import OVERALL, Stratum

_LINE = 15


def colour(levels: Sequence[str]) -> alt.Color:
    """The colours of curves by the field ``level``."""
    return alt.Color("level:N", scale=alt.Scale(domain=[*levels], range=series_colours(len(levels))), legend=None)


def dash(levels: Sequence[str]) -> alt.StrokeDash:
    """Their patterns likewise."""
    return alt.StrokeDash("level:N", scale=alt.Scale(domain=[*levels], range=series_dashes(len(levels))), legend=None)


def named(place: int, level: str, whose: Stratum = OVERALL, text: str | None = None) -> dict:
    """A row of the data ``names``: what the curve in this place is called."""
    return {"level": level, "text": text or level, "line": 2 * place, "mark": Mark(whose=whose)}


def counted(place: int, row: dict, n: float | None) -> dict:
    """A row of the data ``counts``: how many subjects there are where the row is on the horizontal scale."""
    return {**row, "count": n, "line": 2 * place + 1}


def numbers_under(levels: Sequence[str], x: alt.X, width: float) -> Layers:
    """Two lines for each curve: its name beside a sample of it, and numbers of subjects in their places.

    Args:
        levels: The curves, from the data ``names`` and ``counts``.
        x: Where a number stands.
        width: Of the drawing, in pixels.
    """
    lines = 2 * len(levels)
    y = alt.Y("line:Q", axis=None, scale=alt.Scale(domain=[-0.5, lines - 0.5], reverse=True, nice=False))
    number = alt.Chart(data("counts")).mark_text(fontSize=11, color=INK)
    return alt.layer(
        *_names(levels, y, width),
        number.encode(x=x, y=y, text=alt.Text("count:Q", format=","), description=MARK),
    ).properties(width=width, height=_LINE * lines)


def names_under(levels: Sequence[str], width: float) -> Layers:
    """A line for each curve: its name beside a sample of it."""
    y = alt.Y("line:Q", axis=None, scale=alt.Scale(domain=[-1, 2 * len(levels) - 1], reverse=True, nice=False))
    return alt.layer(*_names(levels, y, width)).properties(width=width, height=_LINE * len(levels))


def _names(levels: Sequence[str], y: alt.Y, width: float) -> tuple[alt.Chart, alt.Chart]:
    names = alt.Chart(data("names")).encode(y=y, description=MARK)
    sample = names.mark_rule(strokeWidth=2.25).encode(color=colour(levels), strokeDash=dash(levels))
    label = names.mark_text(align="left", fontSize=11, color=INK, limit=width - 30)
    return (
        sample.encode(x=alt.value(0), x2=alt.value(24)),
        label.encode(x=alt.value(30), text="text:N"),
    )
