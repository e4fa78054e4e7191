"""F5: risk factors as a forest plot, each alone and together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import altair as alt

from reports.charts.drawing import INK, MUTED, TEXT, WIDTH, Layers, data, pixel_y, series_colours, svg
from reports.charts.marks import MARK, Mark
from reports.material import Material
from reports.phrases import Phrase, plain, say, span
from reports.places import Place, levels_at, places
from reports.results import OVERALL, Cell, Cells, Results, Stratum
from reports.section import Figure, Panel
from reports.strata import NAMES
from reports.titles import titled

EVENTS = {"any": "Any grade", ">=2": "Grade ≥ 2", ">=3": "Grade ≥ 3"}
KINDS = {"univariable": "alone", "multivariable": "together"}
RATIOS = {"logistic": ("odds_ratio", "odds ratio", "OR"), "Fine-Gray": ("hazard_ratio", "hazard ratio", "HR")}
# What lies further out is drawn as an arrow at the edge; its limits are printed beside it.
FURTHEST = (0.02, 50.0)
TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
_PLOT, _TEXT, _ROW, _SHORT, _NAME, _TOP = 178, 188, 44, 18, 8, 18
_OFFSETS = {"univariable": 21, "multivariable": 34}


@dataclass(frozen=True, kw_only=True)
class _Fit:
    """One estimate: its row, how it was fitted, and its numbers."""

    row: int
    kind: str
    name: str
    cells: Cells


def risk_factor_figure(results: Results, material: Material, model: str = "logistic") -> Figure | None:
    """A panel for each event, on one logarithmic scale; none where the ARD has no such fits.

    Args:
        results: Where the strata stand.
        material: Where the numbers stand.
        model: A name in ``RATIOS``.
    """
    found = places(material.ard, "risk_factors")
    fits = {event: [*_fits(found, model, event)] for event in EVENTS}
    if not any(fits.values()):
        return None
    ratio, name, _ = RATIOS[model]
    domain = _domain(fit.cells[part] for told in fits.values() for fit in told for part in (ratio, "ci_low", "ci_high"))
    return Figure(
        caption=titled("forest", ratio=name, model=model),
        key="Circles: alone. Diamonds: together with the others, where it is in that model. Lines: 95 % confidence "
        "intervals, arrows where they go on. Events and subjects of each fit beside. NE: not estimable, and not drawn; "
        "the reason is in the table.",
        panels=tuple(_panel(model, event, told, domain, _strata(results)) for event, told in fits.items()),
    )


def _fits(found: dict[Place, Cells], model: str, event: str) -> Iterator[_Fit]:
    rows: dict[str, int] = {}
    for kind in KINDS:
        for at, cells in levels_at(found, f"{model} {kind}", event):
            row = rows.setdefault(at.level, len(rows))
            yield _Fit(row=row, kind=kind, name=at.level, cells=cells)


def _domain(cells: Iterator[Cell]) -> tuple[float, float]:
    """The ticks between which all numbers lie, 1 among them."""
    stats = [min(max(cell.stat, FURTHEST[0]), FURTHEST[1]) for cell in cells if cell.stat is not None]
    low = max(tick for tick in TICKS if tick <= min([0.5, *stats]))
    return low, min(tick for tick in TICKS if tick >= max([2.0, *stats]))


def _strata(results: Results) -> Mapping[str, Stratum]:
    """Strata by how a comparison of a level begins."""
    singles = (stratum for stratum in results.strata if len(stratum) == 1)
    return {f"{NAMES[stratum[0][0]]}: {stratum[0][1]} against ": stratum for stratum in singles}


def _panel(
    model: str, event: str, fits: list[_Fit], domain: tuple[float, float], strata: Mapping[str, Stratum]
) -> Panel:
    ratio, *_, short = RATIOS[model]
    names = {fit.row: fit.name for fit in fits}
    has_any = {fit.row for fit in fits if fit.cells[ratio].stat is not None}
    tops = [_TOP + sum(_height(above in has_any) for above in range(row)) for row in (*names, len(names))]
    # Where no fit gives an estimate, NE stands once, beside the name.
    shown = {(fit.row, fit.kind if fit.row in has_any else ""): fit for fit in reversed(fits)}
    marks = [
        {**_mark(fit, model, event, domain, strata), "y": tops[row] + (_OFFSETS[kind] if kind else _NAME)}
        for (row, kind), fit in reversed(shown.items())
    ]
    alone = {tops[row] + _NAME for row in names if row not in has_any}
    drawn = [mark for mark in marks if mark["ratio"] is not None]
    return Panel(
        title=EVENTS[event],
        description=f"{EVENTS[event]}: {len(drawn)} estimates of {len(names)} comparisons on a logarithmic scale. "
        "The numbers are in the table of this section.",
        draw=partial(
            svg,
            _forest(domain, short, tops[-1]),
            f"f5-{model}-{event.replace('>=', 'from-')}".lower(),
            fits=drawn,
            arrows=[arrow for mark in drawn for arrow in _arrows(mark, domain)],
            said=[mark for mark in marks if mark["y"] not in alone],
            alone=[mark for mark in marks if mark["y"] in alone],
            names=[{"text": name, "y": tops[row] + _NAME} for row, name in names.items()],
            one=[{"at": 1}],
            heading=[{}],
        ),
    )


def _height(has_estimate: bool) -> int:
    return _ROW if has_estimate else _SHORT


def _mark(fit: _Fit, model: str, event: str, domain: tuple[float, float], strata: Mapping[str, Stratum]) -> dict:
    ratio = RATIOS[model][0]
    low, high, estimate = (fit.cells[name].stat for name in ("ci_low", "ci_high", ratio))
    whose = next((stratum for start, stratum in strata.items() if fit.name.startswith(start)), OVERALL)
    said = plain(_said(fit, model, event))
    return {
        "kind": KINDS[fit.kind],
        "ratio": estimate,
        # A limit that is not estimable goes on beyond the edge, as one does that lies far out.
        "low": max(low or 0.0, domain[0] / 2),
        "high": domain[1] * 2 if high is None else min(high, domain[1] * 2),
        "text": plain(_printed(fit.cells, ratio)),
        "of": plain(say("{n_events:count}/{n:count}", fit.cells)) if "n" in fit.cells else "",
        "mark": Mark(said=said, whose=whose),
    }


def _printed(cells: Cells, ratio: str) -> Phrase:
    if cells[ratio].stat is None:
        return say(f"{{{ratio}:ratio}}", cells)
    return (*say(f"{{{ratio}:ratio}} (", cells), *span(cells, "ratio"), ")")


def _said(fit: _Fit, model: str, event: str) -> Phrase:
    ratio, name, _ = RATIOS[model]
    what = f"{fit.name} · {EVENTS[event].lower()}, {KINDS[fit.kind]}: "
    if fit.cells[ratio].stat is None:
        return (what, "not estimable, ", fit.cells[ratio].warning or "")
    found = say(f"{name} {{{ratio}:ratio}}, 95 % CI ", fit.cells)
    counts = say(", p {p_value:p_value}; {n_events:count} events, {n:count} subjects", fit.cells)
    return (what, *found, *span(fit.cells, "ratio"), *counts)


def _arrows(mark: dict, domain: tuple[float, float]) -> Iterator[dict]:
    if mark["low"] < domain[0]:
        yield {**mark, "at": domain[0], "way": "left"}
    if mark["high"] > domain[1]:
        yield {**mark, "at": domain[1], "way": "right"}


def _forest(domain: tuple[float, float], short: str, height: float) -> Layers:
    scale = alt.Scale(type="log", domain=domain, range=[4, _PLOT - 4], nice=False)
    axis = alt.Axis(
        values=[tick for tick in TICKS if domain[0] <= tick <= domain[1]], format="~g", title=None, grid=False
    )
    x = {name: alt.X(f"{name}:Q", scale=scale, axis=axis) for name in ("low", "ratio", "at")}
    kinds = [*KINDS.values()]
    look = {
        "color": alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=series_colours(2)), legend=None),
        "y": pixel_y("y"),
        "description": MARK,
    }
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=["circle", "diamond"]), legend=None)
    ways = alt.Shape(
        "way:N", scale=alt.Scale(domain=["left", "right"], range=["triangle-left", "triangle-right"]), legend=None
    )
    fits, said = alt.Chart(data("fits")), alt.Chart(data("said"))
    return (
        alt.layer(
            alt.Chart(data("one")).mark_rule(stroke=MUTED, strokeDash=[2, 2]).encode(x=alt.X("at:Q", scale=scale)),
            fits.mark_rule(strokeWidth=1.5, clip=True).encode(x=x["low"], x2="high:Q", **look),
            fits.mark_point(filled=True, size=55, opacity=1, clip=True).encode(x=x["ratio"], shape=shape, **look),
            alt.Chart(data("arrows")).mark_point(filled=True, size=35, opacity=1).encode(x=x["at"], shape=ways, **look),
            *_words(said, short),
        )
        .resolve_scale(shape="independent")
        .properties(width=WIDTH, height=height)
    )


def _words(said: alt.Chart, short: str) -> Iterator[alt.Chart]:
    names = alt.Chart(data("names")).mark_text(align="left", fontSize=11, color=INK, limit=TEXT)
    yield names.encode(x=alt.value(0), y=pixel_y("y"), text="text:N")
    beside, right = said.mark_text(align="left", fontSize=10), said.mark_text(align="right", fontSize=10)
    for text, place, field in ((beside, _TEXT, "text"), (right, WIDTH, "of")):
        look = {"color": alt.value(INK), "description": MARK}
        yield text.encode(x=alt.value(place), y=pixel_y("y"), text=f"{field}:N", **look)
    alone = alt.Chart(data("alone")).mark_text(align="right", fontSize=10, color=MUTED)
    yield alone.encode(x=alt.value(WIDTH), y=pixel_y("y"), text="text:N", description=MARK)
    ratio = alt.Chart(data("heading")).mark_text(align="left", fontSize=10, color=MUTED, text=f"{short} (95 % CI)")
    yield ratio.encode(x=alt.value(_TEXT), y=alt.value(6))
    counts = alt.Chart(data("heading")).mark_text(align="right", fontSize=10, color=MUTED, text="events/n")
    yield counts.encode(x=alt.value(WIDTH), y=alt.value(6))
