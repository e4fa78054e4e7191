"""The swimmer plot: a line for each subject with CRS, worst first, with episodes, treatment and death."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from math import inf

import altair as alt
import polars as pl

from reports.charts.drawing import GRADE_COLOURS, INK, MUTED, Layers, data, svg
from reports.charts.marks import MARK, Mark
from reports.material import Material
from reports.section import Figure, Panel
from reports.titles import titled
from reports.words import count, days

# Letters of a browser may be wider than those that texts are measured with here.
_ROW, _WIDTH, _LETTER = 18, 620, 7.2
# A mark nearer to the one before it would cover it.
_NEAREST = 9.0
_SHORTEST, _LONGEST = 14.0, 60.0
Row = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """How a treatment is drawn: its name, its shape, and how far above or under the line."""

    name: str
    shape: str
    colour: str
    off: float


_KINDS = {
    "tocilizumab": _Kind(name="Tocilizumab", shape="triangle-down", colour="var(--series-1)", off=-5),
    "corticosteroids": _Kind(name="Corticosteroids", shape="square", colour="var(--series-3)", off=5),
    "vasopressors": _Kind(name="Vasopressors", shape="diamond", colour="var(--series-4)", off=-5),
    "oxygen": _Kind(name="Oxygen", shape="circle", colour="var(--series-5)", off=5),
    "ventilation": _Kind(name="Positive pressure", shape="cross", colour="var(--series-2)", off=5),
}


def swimmer_figure(material: Material) -> Figure | None:
    """The plot, and what it leaves out; none where nobody had CRS.

    Args:
        material: ``cases`` has the tables ``lines``, ``line_episodes`` and ``line_treatments``.
    """
    lines = material.cases["lines"]
    if lines.is_empty():
        return None
    episodes, given = material.cases["line_episodes"], material.cases["line_treatments"]
    top = _top(episodes)
    shown, of_all = lines.height, lines["of_all"][0]
    which = (
        f"The {count(shown)} worst of {count(of_all)} subjects" if shown < of_all else f"All {count(of_all)} subjects"
    )
    return Figure(
        caption=titled("swimmers"),
        key=f"{which} with CRS, highest grade first. Bars: episodes, in the colour of their grade; an arrow has not "
        "ended or goes on to the right of the plot. Marks: the start of a treatment; one that would cover another "
        "stands to its right.",
        panels=(_panel(lines, episodes, given, top),),
        is_wide=True,
    )


def _top(episodes: pl.DataFrame) -> float:
    """The last day that is drawn."""
    return min(_LONGEST, max(_SHORTEST, *episodes["to_day"].to_list()))


def _panel(lines: pl.DataFrame, episodes: pl.DataFrame, given: pl.DataFrame, top: float) -> Panel:
    who = {row["line"]: str(row["usubjid"]) for row in lines.iter_rows(named=True)}
    bars = [_bar(row, who, top) for row in episodes.iter_rows(named=True) if row["from_day"] <= top]
    drawn = [row for row in given.iter_rows(named=True) if row["treatment"] in _KINDS and -1 <= row["from_day"] <= top]
    deaths = [row for row in lines.iter_rows(named=True) if row["death_day"] is not None]
    return Panel(
        title="Worst first",
        description=f"Swimmer plot of {len(who)} subjects. The numbers are in the tables of L1 and L3.",
        draw=partial(
            svg,
            _chart(top, bars, max(map(len, who.values()))).properties(width=_WIDTH, height=_ROW * len(who)),
            "swimmer",
            names=[{"text": name, "y": _y(line)} for line, name in who.items()],
            bars=bars,
            arrows=[bar for bar in bars if bar["goes_on"]],
            given=_side_by_side([_treatment(row, who) for row in drawn], _NEAREST * (top + 1) / _WIDTH),
            deaths=[_death(row, top) for row in deaths],
        ),
    )


def _y(line: object) -> float:
    return (int(str(line)) - 0.5) * _ROW


def _bar(row: Mapping, who: Mapping[int, str], top: float) -> dict:
    grade = "missing" if row["grade"] is None else str(row["grade"])
    said = "CRS without a grade" if row["grade"] is None else f"CRS of grade {grade}"
    end = "not ended by" if row["ongoing"] else "to"
    text = f"{who[row['line']]}: {said}, day {days(row['from_day'])} {end} day {days(row['to_day'])}"
    return {
        "grade": grade,
        "start": row["from_day"],
        "end": min(top, row["to_day"]),
        "y": _y(row["line"]),
        "goes_on": row["ongoing"] or row["to_day"] > top,
        "mark": Mark(said=text),
    }


def _treatment(row: Mapping, who: Mapping[int, str]) -> dict:
    kind = _KINDS[row["treatment"]]
    name = str(row["name"] or kind.name).lower()
    text = f"{who[row['line']]}: {name}, day {days(row['from_day'])}"
    return {"kind": kind.name, "start": row["from_day"], "y": _y(row["line"]) + kind.off, "mark": Mark(said=text)}


def _side_by_side(given: list[dict], nearest: float) -> list[dict]:
    """The marks with those moved to the right that would cover another at their height; days."""
    last: dict[float, float] = {}
    for mark in sorted(given, key=lambda mark: mark["start"]):
        mark["start"] = last[mark["y"]] = max(mark["start"], last.get(mark["y"], -inf) + nearest)
    return given


def _death(row: Mapping, top: float) -> dict:
    day = row["death_day"]
    text = f"{row['usubjid']}: died, day {days(day)}"
    return {
        "start": min(day, top),
        "y": _y(row["line"]),
        "text": "✝" if day <= top else f"✝ day {days(day)}",
        "mark": Mark(said=text),
    }


def _chart(top: float, bars: list[dict], widest: int) -> Layers:
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[-1, top], nice=False),
        axis=alt.Axis(title="Days from the first dose", tickCount=8),
    )
    y = alt.Y("y:Q", axis=None, scale=None)
    grades = [grade for grade in GRADE_COLOURS if any(bar["grade"] == grade for bar in bars)]
    colour = alt.Scale(domain=grades, range=[GRADE_COLOURS[grade] for grade in grades])
    named = alt.Chart(data("names")).mark_text(align="left", fontSize=11, color=INK)
    episodes = alt.Chart(data("bars")).mark_bar(height=8, stroke=MUTED, strokeWidth=0.5)
    on = alt.Chart(data("arrows")).mark_point(shape="triangle-right", filled=True, size=70, opacity=1, color=INK)
    dead = alt.Chart(data("deaths")).mark_text(fontSize=13, fontWeight="bold", color=INK, align="left", dx=3)
    return alt.layer(
        named.encode(x=alt.value(-widest * _LETTER), y=y, text="text:N"),
        episodes.encode(
            x=x, x2="end:Q", y=y, color=alt.Color("grade:N", scale=colour, legend=alt.Legend()), description=MARK
        ),
        on.encode(x=alt.X("end:Q"), y=y),
        _treatments(x, y),
        dead.encode(x=x, y=y, text="text:N", description=MARK),
    ).resolve_scale(color="independent", shape="independent")


def _treatments(x: alt.X, y: alt.Y) -> alt.Chart:
    names = [kind.name for kind in _KINDS.values()]
    colours = alt.Scale(domain=names, range=[kind.colour for kind in _KINDS.values()])
    shapes = alt.Scale(domain=names, range=[kind.shape for kind in _KINDS.values()])
    return (
        alt.Chart(data("given"))
        .mark_point(filled=True, size=36, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("kind:N", scale=colours, legend=alt.Legend()),
            shape=alt.Shape("kind:N", scale=shapes, legend=alt.Legend()),
            description=MARK,
        )
    )
