"""F1: the highest grades of each stratum as stacked bars, and incidences with their limits."""

import altair as alt

from reports.charts.drawing import GRADE_COLOURS, INK, WIDTH, data, series_colours, svg
from reports.phrases import plain, say
from reports.results import OVERALL, Results, Stratum
from reports.section import Figure, Panel
from reports.strata import ALL, NAMES, singles

STEP = 42
INTERVALS = {"Any grade": "any", "Grade ≥ 3": ">=3"}
_PERCENT = alt.Axis(format="%", tickCount=5, title="Share of treated subjects")


def incidence_figure(results: Results) -> Figure:
    """Both drawings, a row for each stratum in the order of the table.

    Args:
        results: Where the numbers stand.
    """
    rows = [stratum for group in singles(results) for _, stratum in group.rows]
    return Figure(
        caption="F1. Incidence of CRS by stratum",
        key="Bars: share of treated subjects at each highest grade. Points: incidence with 95 % confidence interval.",
        panels=(
            _panel(results, rows, "Highest grade", _bars(results, rows), "f1-grades"),
            _panel(results, rows, "Any grade, and grade ≥ 3", _intervals(results, rows), "f1-intervals"),
        ),
    )


def _panel(results: Results, rows: list[Stratum], title: str, marks: alt.Chart | alt.LayerChart, name: str) -> Panel:
    # Names stand above the marks, so that long ones leave the marks their width on a telephone.
    names = alt.Chart(data([{"row": i, "name": _name(results, row)} for i, row in enumerate(rows)]))
    text = names.mark_text(align="left", baseline="bottom", dy=-11, color=INK, fontSize=11, limit=WIDTH)
    drawn = alt.layer(marks, text.encode(y=_y(), x=alt.value(2), text="name:N"))
    size = {"width": WIDTH, "height": alt.Step(STEP, **{"for": "position"})}
    description = f"{title}, for {len(rows)} strata. The numbers are in the table that follows."
    return Panel(title=title, description=description, svg=svg(drawn.properties(**size), name))


def _name(results: Results, stratum: Stratum) -> str:
    size = plain(say("{N:count}", results.at("incidence", "max_grade", "any", stratum)))
    name = ALL if stratum == OVERALL else f"{NAMES[stratum[0][0]]}: {stratum[0][1]}"
    return f"{name} (N = {size})"


def _y() -> alt.Y:
    return alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.55, paddingOuter=0.4))


def _bars(results: Results, rows: list[Stratum]) -> alt.Chart:
    levels = {grade: "missing" if grade == "unknown" else grade for grade in GRADE_COLOURS}
    shares = [
        {"row": i, "grade": grade, "order": order, "p": cells["p"].stat}
        for i, stratum in enumerate(rows)
        for order, (grade, level) in enumerate(levels.items())
        if (cells := results.levels("incidence", "max_grade", stratum).get(level)) and cells["p"].stat
    ]
    used = [grade for grade in GRADE_COLOURS if grade != "unknown" or any(share["grade"] == grade for share in shares)]
    colours = alt.Scale(domain=used, range=[GRADE_COLOURS[grade] for grade in used])
    base = alt.Chart(data(shares)).mark_bar(stroke=INK, strokeWidth=0.5)
    return base.encode(
        x=alt.X("p:Q", axis=_PERCENT), y=_y(), color=alt.Color("grade:N", scale=colours), order="order:O"
    )


def _intervals(results: Results, rows: list[Stratum]) -> alt.LayerChart:
    found = [
        {"row": i, "what": what, **{name: cells[name].stat for name in ("p", "ci_low", "ci_high")}}
        for i, stratum in enumerate(rows)
        for what, level in INTERVALS.items()
        if (cells := results.at("incidence", "max_grade", level, stratum))["p"].stat is not None
    ]
    colour = alt.Color("what:N", scale=alt.Scale(domain=[*INTERVALS], range=series_colours(2)))
    shape = alt.Shape("what:N", scale=alt.Scale(domain=[*INTERVALS], range=["circle", "diamond"]))
    base = alt.Chart(data(found)).encode(y=_y(), yOffset=alt.YOffset("what:N", sort=[*INTERVALS]), color=colour)
    return alt.layer(
        base.mark_rule(strokeWidth=1.5).encode(x=alt.X("ci_low:Q", axis=_PERCENT), x2="ci_high:Q"),
        base.mark_point(filled=True, size=60, opacity=1).encode(x="p:Q", shape=shape),
    )
