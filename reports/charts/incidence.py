"""F1: the highest grades of each stratum as stacked bars, and incidences with their limits."""

from functools import partial

import altair as alt

from reports.charts.drawing import GRADE_COLOURS, INK, TEXT, WIDTH, Layers, data, series_colours, svg
from reports.charts.marks import MARK, Mark
from reports.phrases import plain, say, share_and_limits
from reports.results import Cells, Results, Stratum
from reports.section import Figure, Panel
from reports.strata import name_of, singles
from reports.titles import titled

STEP = 42
_GRADES = {"missing": "Grade unknown"}
INTERVALS = {"Any grade": "any", "Grade ≥ 3": ">=3"}


def incidence_figure(results: Results) -> Figure:
    """Both drawings, a row for each stratum in the order of the table.

    Args:
        results: Where the numbers stand.
    """
    rows = [stratum for group in singles(results) for _, stratum in group.rows]
    names = [{"row": i, "name": _name(results, stratum), "mark": Mark(whose=stratum)} for i, stratum in enumerate(rows)]
    shares, limits = _shares(results, rows), _limits(results, rows)
    # One scale for both, so that they can be compared by eye.
    top = max((row["ci_high"] for row in limits), default=1.0)
    return Figure(
        caption=titled("incidence-bars"),
        key="Bars: share of treated subjects at each highest grade. Points: incidence with 95 % confidence interval.",
        panels=(
            _panel("Highest grade", _bars(shares, top), "f1-grades", names=names, shares=shares),
            _panel("Any grade, and grade ≥ 3", _intervals(top), "f1-intervals", names=names, limits=limits),
        ),
    )


def _panel(title: str, marks: Layers, name: str, **rows: list[dict]) -> Panel:
    # Names stand above the marks, so that long ones leave the marks their width on a telephone.
    text = alt.Chart(data("names")).mark_text(
        align="left", baseline="bottom", dy=-11, color=INK, fontSize=11, limit=TEXT
    )
    drawn = alt.layer(marks, text.encode(y=_y(), x=alt.value(2), text="name:N", description=MARK))
    size = {"width": WIDTH, "height": alt.Step(STEP, **{"for": "position"})}
    description = f"{title}, for {len(rows['names'])} strata. The numbers are in the table that follows."
    return Panel(title=title, description=description, draw=partial(svg, drawn.properties(**size), name, **rows))


def _name(results: Results, stratum: Stratum) -> str:
    size = plain(say("{N:count}", results.at("incidence", "max_grade", "any", stratum)))
    return f"{name_of(stratum)} (N = {size})"


def _x(field: str, top: float) -> alt.X:
    axis = alt.Axis(format="%", tickCount=5, title="Share of treated subjects")
    return alt.X(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[0, top], nice=True))


def _y() -> alt.Y:
    return alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.55, paddingOuter=0.4))


def _shares(results: Results, rows: list[Stratum]) -> list[dict]:
    return [
        {
            "row": i,
            "grade": grade,
            "p": cells["p"].stat,
            "mark": _mark(stratum, _GRADES.get(grade, f"Grade {grade}"), cells),
        }
        for i, stratum in enumerate(rows)
        for grade in GRADE_COLOURS
        # Only where there is CRS without a grade has the ARD a row for it.
        if (cells := results.levels("incidence", "max_grade", stratum).get(grade)) and cells["p"].stat
    ]


def _limits(results: Results, rows: list[Stratum]) -> list[dict]:
    return [
        {
            "row": i,
            "what": what,
            **{name: cells[name].stat for name in ("p", "ci_low", "ci_high")},
            "mark": _mark(stratum, what, cells),
        }
        for i, stratum in enumerate(rows)
        for what, level in INTERVALS.items()
        if (cells := results.at("incidence", "max_grade", level, stratum))["p"].stat is not None
    ]


def _mark(stratum: Stratum, what: str, cells: Cells) -> Mark:
    said = plain((f"{name_of(stratum)} · {what}: ", *share_and_limits(cells)))
    return Mark(said=said, whose=stratum)


def _bars(shares: list[dict], top: float) -> Layers:
    used = [grade for grade in GRADE_COLOURS if grade != "missing" or any(share["grade"] == grade for share in shares)]
    colours = alt.Scale(domain=used, range=[GRADE_COLOURS[grade] for grade in used])
    key = alt.Legend(labelExpr="datum.label == 'missing' ? 'grade unknown' : datum.label")
    bars = alt.Chart(data("shares")).mark_bar(stroke=INK, strokeWidth=0.5)
    # "missing" sorts after the digits, so the stack is in the order of the grades.
    colour = alt.Color("grade:N", scale=colours, legend=key)
    return bars.encode(x=_x("p", top), y=_y(), color=colour, order="grade:N", description=MARK)


def _intervals(top: float) -> Layers:
    colour = alt.Color("what:N", scale=alt.Scale(domain=[*INTERVALS], range=series_colours(2)))
    shape = alt.Shape("what:N", scale=alt.Scale(domain=[*INTERVALS], range=["circle", "diamond"]))
    offset = alt.YOffset("what:N", sort=[*INTERVALS])
    base = alt.Chart(data("limits")).encode(y=_y(), yOffset=offset, color=colour, description=MARK)
    return alt.layer(
        base.mark_rule(strokeWidth=1.5).encode(x=_x("ci_low", top), x2="ci_high:Q"),
        base.mark_point(filled=True, size=60, opacity=1).encode(x="p:Q", shape=shape),
    )
