"""What stands under curves: the name of each, which is also the key to them, and its numbers of subjects."""

from collections.abc import Sequence

import altair as alt

from reports.charts.drawing import INK, MUTED, TEXT, Layers, data, series_colours, series_dashes
from reports.charts.marks import MARK, Mark
from reports.results import OVERALL, Stratum

_LINE, _INDENT = 15, 30


def colour(levels: Sequence[str]) -> alt.Color:
    """The colours of curves by the field ``level``."""
    return alt.Color("level:N", scale=alt.Scale(domain=[*levels], range=series_colours(len(levels))), legend=None)


def dash(levels: Sequence[str]) -> alt.StrokeDash:
    """Their patterns likewise."""
    return alt.StrokeDash("level:N", scale=alt.Scale(domain=[*levels], range=series_dashes(len(levels))), legend=None)


def named(place: int, level: str, whose: Stratum = OVERALL) -> dict:
    """A row of the data ``names``: what the curve in this place is called."""
    return {"level": level, "text": level, "line": 2 * place, "mark": Mark(whose=whose)}


def standing(place: int, text: str, whose: Stratum = OVERALL) -> dict:
    """A row of the data ``standing``: what is said of the curve in this place."""
    return {"text": text, "line": 2 * place + 1, "mark": Mark(whose=whose)}


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
    number = alt.Chart(data("counts")).mark_text(fontSize=11, color=INK)
    count = alt.Text("count:Q", format=",")
    return _under(levels, width, number.encode(x=x, y=_y(levels), text=count, description=MARK))


def words_under(levels: Sequence[str], width: float) -> Layers:
    """Two lines for each curve: its name beside a sample of it, and the words of the data ``standing``."""
    words = alt.Chart(data("standing")).mark_text(align="left", fontSize=11, color=MUTED, limit=TEXT - _INDENT)
    return _under(levels, width, words.encode(x=alt.value(_INDENT), y=_y(levels), text="text:N", description=MARK))


def _under(levels: Sequence[str], width: float, second: alt.Chart) -> Layers:
    names = alt.Chart(data("names")).encode(y=_y(levels), description=MARK)
    sample = names.mark_rule(strokeWidth=2.25).encode(color=colour(levels), strokeDash=dash(levels))
    label = names.mark_text(align="left", fontSize=11, color=INK, limit=TEXT - _INDENT)
    return alt.layer(
        sample.encode(x=alt.value(0), x2=alt.value(24)),
        label.encode(x=alt.value(_INDENT), text="text:N"),
        second,
    ).properties(width=width, height=2 * _LINE * len(levels))


def _y(levels: Sequence[str]) -> alt.Y:
    scale = alt.Scale(domain=[-0.5, 2 * len(levels) - 0.5], reverse=True, nice=False)
    return alt.Y("line:Q", axis=None, scale=scale)
