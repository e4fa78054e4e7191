"""Adverse events: the share of each arm, and the differences between arms, as dots with their limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import altair as alt

from reports.charts.drawing import INK, MUTED, TEXT, WIDTH, Layers, data, pixel_y, series_colours, svg
from reports.charts.marks import MARK, Mark
from reports.material import Material
from reports.phrases import Phrase, plain, say, span
from reports.places import Place, levels_at, places
from reports.results import OVERALL, Cells
from reports.section import Figure, Panel
from reports.strata import ALL
from reports.titles import titled

MOST = 30
ANY, BETWEEN, AGAINST = "Any event", " / ", "arm against "
_SHAPES = ("circle", "diamond", "square", "triangle-up", "cross", "triangle-down")
_ROW, _NAME, _DOT, _LEFT = 30, 10, 21, 4


@dataclass(frozen=True, kw_only=True)
class _Group:
    """Arms that are held against the first of them: shares and differences of each, by term."""

    shares: Mapping[str, Mapping[str, Cells]]
    differences: Mapping[str, Mapping[str, Cells]]
    first: str


def event_figure(material: Material) -> Figure | None:
    """Shares by arm and differences from the first, of the terms that differ or occur most; none without any.

    Args:
        material: Where the numbers stand.
    """
    found = places(material.ard, "adverse_events")
    overall = {at.level: cells for at, cells in levels_at(found, None, "any") if at.stratum == OVERALL and _is_term(at)}
    if not overall:
        return None
    groups = [*_groups(found)] or [_Group(shares={ALL: overall}, differences={}, first=ALL)]
    ranked = sorted(overall, key=lambda term: (*_rank(term, groups), -(overall[term]["n"].stat or 0), term))
    shown = ranked[:MOST]
    return Figure(
        caption=titled("event-dots"),
        key=_key(len(shown), len(ranked), any(group.differences for group in groups)),
        panels=tuple(panel for i, group in enumerate(groups) for panel in _panels(i, group, shown)),
    )


def _key(shown: int, of: int, is_compared: bool) -> str:
    how = "differ most between arms" if is_compared else "occur most"
    which = (
        f"The {shown} of {of} terms that {how}, in that order"
        if shown < of
        else f"All {of} terms, those that {how} first"
    )
    limits = " Lines: 95 % confidence intervals, not adjusted for many terms." if is_compared else ""
    return f"{which}. Dots: share of treated subjects with the event.{limits}"


def _is_term(at: Place) -> bool:
    return BETWEEN in at.level


def _groups(found: dict[Place, Cells]) -> Iterator[_Group]:
    shares: dict[str, dict[str, Cells]] = {}
    for at, cells in levels_at(found, "arm", "any"):
        if _is_term(at):
            shares.setdefault(at.by_level or "", {})[at.level] = cells
    against: dict[str, dict[str, dict[str, Cells]]] = {}
    for at, cells in found.items():
        if (at.by_variable or "").startswith(AGAINST) and at.variable == "any: difference" and _is_term(at):
            of_first = against.setdefault((at.by_variable or "").removeprefix(AGAINST), {})
            of_first.setdefault(at.by_level or "", {})[at.level] = cells
    first_of = {arm: first for first, arms in against.items() for arm in (first, *arms)}
    for first in dict.fromkeys(first_of.get(arm, arm) for arm in shares):
        arms = [arm for arm in shares if first_of.get(arm, arm) == first]
        yield _Group(shares={arm: shares[arm] for arm in arms}, differences=against.get(first, {}), first=first)


def _rank(term: str, groups: list[_Group]) -> tuple[float, ...]:
    """Largest difference first; nothing where nothing is compared."""
    differences = [cells[term]["difference"].stat for group in groups for cells in group.differences.values()]
    known = [abs(difference) for difference in differences if difference is not None]
    return (-max(known, default=0.0),) if differences else ()


def _panels(place: int, group: _Group, terms: list[str]) -> Iterator[Panel]:
    yield _share_panel(f"events-{place}-share", group, terms)
    compared = {arm: _rows(group.first, arm, terms, found) for arm, found in group.differences.items()}
    # One scale for all, so that they can be compared by eye.
    limits = [row[name] for rows in compared.values() for row in rows for name in ("low", "value", "high")]
    known = [0.0, *(limit for limit in limits if limit is not None)]
    for j, (arm, rows) in enumerate(compared.items()):
        title = f"Difference: {arm} minus {group.first}"
        marks = _differences((min(known), max(known)))
        # A rule without one of its ends would be drawn to the edge.
        lines = [row for row in rows if row["low"] is not None and row["high"] is not None]
        name = f"events-{place}-difference-{j}"
        yield _panel(name, title, marks, terms, dots=rows, lines=lines, zero=[{"value": 0}])


def _share_panel(name: str, group: _Group, terms: list[str]) -> Panel:
    rows = [
        _share(arm, i, term, found[term])
        for arm, found in group.shares.items()
        for i, term in enumerate(terms)
        if found[term]["p"].stat is not None
    ]
    arms = [*group.shares]
    top = max((row["value"] for row in rows), default=1.0)
    return _panel(name, f"Share of treated subjects: {', '.join(arms)}", _shares(arms, top), terms, dots=rows)


def _rows(first: str, arm: str, terms: list[str], found: Mapping[str, Cells]) -> list[dict]:
    rows = [_difference(first, arm, i, term, found[term]) for i, term in enumerate(terms)]
    return [row for row in rows if row["value"] is not None]


def _panel(name: str, title: str, marks: Layers, terms: list[str], **rows: list[dict]) -> Panel:
    names = alt.Chart(data("names")).mark_text(align="left", fontSize=11, color=INK, limit=TEXT)
    drawn = alt.layer(marks, names.encode(x=alt.value(0), y=pixel_y("y"), text="text:N"))
    return Panel(
        title=title,
        description=f"{title}, for {len(terms)} terms. The numbers are in the table of this section.",
        draw=partial(
            svg,
            drawn.properties(width=WIDTH, height=_ROW * len(terms)),
            name,
            names=[{"text": _term(term), "y": i * _ROW + _NAME} for i, term in enumerate(terms)],
            **rows,
        ),
    )


def _term(term: str) -> str:
    return term.split(BETWEEN, 1)[1]


def _share(arm: str, place: int, term: str, cells: Cells) -> dict:
    said = say("{n:count} of {N:count} ({p:percent} %)", cells)
    return {
        "arm": arm,
        "value": cells["p"].stat,
        "y": place * _ROW + _DOT,
        "mark": Mark(said=plain((f"{_term(term)} · {arm}: ", *said))),
    }


def _difference(first: str, arm: str, place: int, term: str, cells: Cells) -> dict:
    said: Phrase = say("{difference:percent} percentage points, 95 % CI ", cells)
    p_value = say(", p {p_value:p_value}", cells)
    return {
        "value": cells["difference"].stat,
        "low": cells["ci_low"].stat,
        "high": cells["ci_high"].stat,
        "y": place * _ROW + _DOT,
        "mark": Mark(said=plain((f"{_term(term)} · {arm} minus {first}: ", *said, *span(cells, "percent"), *p_value))),
    }


def _x(field: str, title: str, domain: tuple[float, float]) -> alt.X:
    axis = alt.Axis(format="%", tickCount=5, title=title)
    scale = alt.Scale(domain=domain, range=[_LEFT, WIDTH - _LEFT], nice=True)
    return alt.X(f"{field}:Q", axis=axis, scale=scale)


def _shares(arms: list[str], top: float) -> Layers:
    colours = alt.Scale(domain=arms, range=series_colours(len(arms)))
    shapes = alt.Scale(domain=arms, range=[_SHAPES[i % len(_SHAPES)] for i in range(len(arms))])
    key = alt.Legend(columns=1) if len(arms) > 1 else None
    dots = alt.Chart(data("dots")).mark_point(filled=True, size=60, opacity=0.9)
    return alt.layer(
        dots.encode(
            x=_x("value", "Share of treated subjects", (0, top)),
            y=pixel_y("y"),
            color=alt.Color("arm:N", scale=colours, legend=key),
            shape=alt.Shape("arm:N", scale=shapes, legend=key),
            description=MARK,
        )
    )


def _differences(domain: tuple[float, float]) -> Layers:
    x = {name: _x(name, "Difference in shares", domain) for name in ("value", "low")}
    dots = alt.Chart(data("dots")).encode(y=pixel_y("y"), description=MARK)
    lines = alt.Chart(data("lines")).encode(y=pixel_y("y"), description=MARK)
    colour = series_colours(1)[0]
    return alt.layer(
        alt.Chart(data("zero")).mark_rule(stroke=MUTED, strokeDash=[2, 2]).encode(x=x["value"]),
        lines.mark_rule(strokeWidth=1.5, stroke=colour).encode(x=x["low"], x2="high:Q"),
        dots.mark_point(filled=True, size=55, opacity=1, color=colour).encode(x=x["value"]),
    )
