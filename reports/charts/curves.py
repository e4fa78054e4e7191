"""F2, F3: cumulative incidence as steps with bands, the competing event, and numbers at risk under them."""

from dataclasses import dataclass
from functools import partial
from itertools import groupby

import altair as alt

from reports.charts.drawing import WIDTH, Layers, data, svg
from reports.charts.marks import MARK, Mark
from reports.charts.under import colour, counted, dash, named, numbers_under
from reports.phrases import Phrase, plain, say, span
from reports.results import OVERALL, Cells, Results, Stratum
from reports.section import Figure, Panel
from reports.strata import ALL, NAMES, name_of
from reports.titles import titled

# Fewer days than in the table: on a telephone the numbers of days 0, 1 and 2 would run into each other.
RISK_DAYS = (0, 3, 7, 14, 21, 28)
_HEIGHT = 190
_KEY = "Thick: {event}. Thin: {competing}. Bands: 95 % confidence intervals. Below: subjects at risk."


@dataclass(frozen=True, kw_only=True)
class _Curve:
    """The points of one stratum, and its numbers at risk."""

    variable: str
    level: str
    whose: Stratum
    points: list[dict]
    at_risk: list[dict]


def onset_figure(results: Results, event: str, name: str) -> Figure:
    """Cumulative incidence of CRS: all subjects, then a panel for each stratum variable.

    Args:
        results: Where the numbers stand.
        event: TTCRS, TTCRS2 or TTCRS3.
        name: What it is called.
    """
    key = _KEY.format(event=name, competing="death without it")
    return _figure(results, "onset_curve", event, titled("onset-curves", event=name), key)


def resolution_figure(results: Results) -> Figure:
    """Cumulative incidence of resolution from onset, drawn likewise."""
    key = _KEY.format(event="resolution", competing="death before resolution")
    return _figure(results, "duration_curve", "TTRES", titled("resolution-curves"), key)


def _figure(results: Results, analysis: str, event: str, caption: str, key: str) -> Figure:
    # A panel of crossed strata could not be read.
    curves = [_curve(results, analysis, event, stratum) for stratum in results.strata if len(stratum) <= 1]
    # One scale for all panels, so that they can be compared by eye.
    top = max((point["ci_high"] or point["cif"] for curve in curves for point in curve.points), default=0) or 1.0
    panels = groupby(curves, key=lambda curve: curve.variable)
    return Figure(
        caption=caption,
        key=key,
        panels=tuple(_panel(f"{analysis}-{event}", variable, list(part), top) for variable, part in panels),
    )


def _curve(results: Results, analysis: str, event: str, stratum: Stratum) -> _Curve:
    variable, level = ("", ALL) if stratum == OVERALL else stratum[0]
    days = [
        {
            "level": level,
            "day": day,
            **{name: cell.stat for name, cell in cells.items()},
            "mark": Mark(said=plain(_said(stratum, day, cells)), whose=stratum),
        }
        for day, cells in results.by_day(analysis, event, stratum)
    ]
    return _Curve(
        variable=variable,
        level=level,
        whose=stratum,
        points=[day for day in days if "cif" in day],
        at_risk=[day for day in days if "at_risk" in day and day["day"] in RISK_DAYS],
    )


def _said(stratum: Stratum, day: float, cells: Cells) -> Phrase:
    if "cif" not in cells or "at_risk" not in cells:
        return ()
    share = (*say("{cif:percent} %, 95 % CI ", cells), *span(cells, "percent"), " %")
    return (f"{name_of(stratum)} · by day {day:g}: ", *share, *say(", {at_risk:count} at risk", cells))


def _panel(name: str, variable: str, curves: list[_Curve], top: float) -> Panel:
    title = NAMES.get(variable, ALL)
    levels = ", ".join(_levels(curves))
    drawn = alt.vconcat(
        _steps(curves, top), numbers_under(_levels(curves), _x(None), WIDTH - 30), spacing=26, bounds="flush"
    )
    return Panel(
        title=title,
        description=f"{title}: step curves over 28 days for {levels}. The numbers are in the tables of this section.",
        draw=partial(
            svg,
            drawn,
            f"{name}-{variable or 'all'}".lower(),
            # What is said of a whole curve stands at its spots.
            points=[{**point, "mark": Mark(whose=curve.whose)} for curve in curves for point in curve.points],
            names=[named(i, curve.level, curve.whose) for i, curve in enumerate(curves)],
            counts=[
                counted(i, {"day": day["day"], "mark": Mark(whose=curve.whose)}, day["at_risk"])
                for i, curve in enumerate(curves)
                for day in curve.at_risk
            ],
            spots=[day for curve in curves for day in curve.points if day["day"] in RISK_DAYS[1:]],
        ),
    )


def _steps(curves: list[_Curve], top: float) -> Layers:
    days = alt.Axis(values=[*RISK_DAYS], title=None, grid=False)
    shares = alt.Axis(format="%", tickCount=5, title=None)
    y = alt.Y("ci_low:Q", axis=shares, scale=alt.Scale(domain=[0, top], nice=True))
    base = alt.Chart(data("points")).encode(x=_x(days), color=colour(_levels(curves)), description=MARK)
    spots = alt.Chart(data("spots")).mark_point(filled=True, size=150, opacity=0)
    return alt.layer(
        base.mark_area(interpolate="step-after", opacity=0.15).encode(y=y, y2="ci_high:Q"),
        base.mark_line(interpolate="step-after", strokeWidth=1).encode(
            y="cif_competing:Q", strokeDash=dash(_levels(curves))
        ),
        base.mark_line(interpolate="step-after", strokeWidth=2.25).encode(y="cif:Q", strokeDash=dash(_levels(curves))),
        spots.encode(x=_x(days), y="cif:Q", color=colour(_levels(curves)), description=MARK),
    ).properties(width=WIDTH - 30, height=_HEIGHT)


def _levels(curves: list[_Curve]) -> list[str]:
    return [curve.level for curve in curves]


def _x(axis: alt.Axis | None) -> alt.X:
    return alt.X("day:Q", axis=axis, scale=alt.Scale(domain=[0, 28], nice=False))
