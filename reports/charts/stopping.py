"""The board's stopping boundary, and the course of each cohort against it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import altair as alt

from reports.charts.drawing import MUTED, WIDTH, Layers, data, svg
from reports.charts.marks import MARK, Mark
from reports.charts.under import colour, dash, named, standing, words_under
from reports.material import Material
from reports.phrases import Phrase, plain, say
from reports.places import Place, levels_at, places
from reports.results import Cells, Stratum
from reports.section import Figure, Panel
from reports.strata import ALL, NAMES, name_of
from reports.titles import titled

_WIDTH, _HEIGHT = WIDTH - 40, 200
_STOP = "var(--mark)"
_FEWEST = 10


@dataclass(frozen=True, kw_only=True)
class _Cohort:
    """Where a cohort stands and how it came there: events after each evaluated subject."""

    stratum: Stratum
    course: list[tuple[int, Cells]]
    event: Cells
    now: Cells
    first: Cells

    @property
    def level(self) -> str:
        """What it is called beside the others of its variable."""
        return self.stratum[0][1] if self.stratum else ALL


def stopping_figure(material: Material) -> Figure | None:
    """A panel for all subjects and one for the cohorts of each variable; none without a stopping rule.

    Args:
        material: Where the numbers stand.
    """
    found = places(material.ard, "monitoring")
    studies = list(dict.fromkeys(at.by_level or "" for at, _ in levels_at(found, "study", "stopping_boundary")))
    panels = tuple(panel for study in studies for panel in _panels(found, study, len(studies) > 1))
    if not panels:
        return None
    return Figure(
        caption=titled("boundary-figure"),
        key="Across: subjects evaluated, in the order in which their windows ended. Upward: events among them. "
        "Steps and ground above them: the boundary, at which the rule says stop, to the last planned look. "
        "Lines: cohorts, each ending in a point where it stands now.",
        panels=panels,
    )


def _panels(found: dict[Place, Cells], study: str, is_one_of_many: bool) -> Iterator[Panel]:
    boundary = [
        {"subjects": _after(at.level, "of "), "boundary": cells["boundary"].stat}
        for at, cells in _of(found, study, "stopping_boundary")
        if cells["boundary"].stat is not None
    ]
    cohorts = [*_cohorts(found, study)]
    for variable, part in groupby(cohorts, key=lambda cohort: cohort.stratum[0][0] if cohort.stratum else ""):
        title = NAMES.get(variable, ALL)
        name = f"boundary-{study}-{variable or 'all'}".lower()
        yield _panel(name, f"{study}: {title}" if is_one_of_many else title, boundary, list(part))


def _of(found: dict[Place, Cells], study: str, variable: str) -> Iterator[tuple[Place, Cells]]:
    return ((at, cells) for at, cells in levels_at(found, "study", variable) if at.by_level == study)


def _after(level: str, word: str) -> int:
    return int(level.removeprefix(word))


def _cohorts(found: dict[Place, Cells], study: str) -> Iterator[_Cohort]:
    told: dict[Stratum, dict[str, Cells]] = {}
    for at, cells in _of(found, study, "stopping_rule"):
        told.setdefault(at.stratum, {})[at.level] = cells
    courses: dict[Stratum, list[tuple[int, Cells]]] = {}
    for at, cells in _of(found, study, "stopping_course"):
        courses.setdefault(at.stratum, []).append((_after(at.level, "after "), cells))
    for stratum, answers in told.items():
        yield _Cohort(
            stratum=stratum,
            course=sorted(courses.get(stratum, []), key=lambda point: point[0]),
            event=answers["event"],
            now=answers["now"],
            first=answers["first crossing"],
        )


def _panel(name: str, title: str, boundary: list[dict], cohorts: list[_Cohort]) -> Panel:
    levels = [cohort.level for cohort in cohorts]
    paths = [point for cohort in cohorts for point in _path(cohort)]
    ends = [_end(cohort) for cohort in cohorts if cohort.event["N"].stat]
    across = max([_FEWEST, *_stats("subjects", boundary, paths, ends)])
    upward = max([_FEWEST, *_stats("boundary", boundary), *_stats("events", paths, ends)])
    drawn = alt.vconcat(_steps(levels, across, upward), words_under(levels, _WIDTH), spacing=34, bounds="flush")
    return Panel(
        title=title,
        description=f"{title}: the boundary as steps, and the courses of {', '.join(levels)}. "
        "The numbers are in the table of this section.",
        draw=partial(
            svg,
            drawn,
            "".join(letter if letter.isalnum() else "-" for letter in name),
            boundary=[{**step, "top": upward} for step in boundary],
            told=[{**step, "mark": Mark(said=_boundary_said(step))} for step in boundary],
            paths=paths,
            ends=ends,
            names=[named(i, cohort.level, cohort.stratum) for i, cohort in enumerate(cohorts)],
            standing=[standing(i, plain(_standing(cohort)), cohort.stratum) for i, cohort in enumerate(cohorts)],
        ),
    )


def _stats(name: str, *rows: Iterable[dict]) -> list[float]:
    return [row[name] for part in rows for row in part]


def _boundary_said(step: dict) -> str:
    return f"Boundary: stop at {step['boundary']:.0f} or more events of {step['subjects']} evaluated"


def _path(cohort: _Cohort) -> list[dict]:
    whose = Mark(whose=cohort.stratum)
    start = [{"level": cohort.level, "subjects": 0, "events": 0, "mark": whose}] if cohort.course else []
    return start + [
        {"level": cohort.level, "subjects": subjects, "events": cells["n_events"].stat, "mark": whose}
        for subjects, cells in cohort.course
    ]


def _end(cohort: _Cohort) -> dict:
    said = (f"{name_of(cohort.stratum)} · ", *_standing(cohort))
    probability = say("; probability that the rate is above the limit {probability:percent} %", cohort.now)
    return {
        "level": cohort.level,
        "subjects": cohort.event["N"].stat,
        "events": cohort.event["n"].stat,
        "mark": Mark(said=plain((*said, *probability)), whose=cohort.stratum),
    }


def _standing(cohort: _Cohort) -> Phrase:
    if not cohort.event["N"].stat:
        return ("nobody evaluated",)
    counted = say("{n:count} events in {N:count} evaluated", cohort.event)
    boundary = cohort.now["boundary"]
    limit: Phrase = (", no boundary yet",) if boundary.stat is None else say(", boundary {boundary:count}", cohort.now)
    if cohort.now["crossed"].stat:
        return (*counted, *limit, ", crossed")
    before = cohort.first["crossed_at"].stat is not None
    return (*counted, *limit, *(say(", was crossed at {crossed_at:count}", cohort.first) if before else ()))


def _steps(levels: list[str], across: float, upward: float) -> Layers:
    x = alt.X("subjects:Q", title="Subjects evaluated", scale=alt.Scale(domain=[0, across], nice=False), axis=_whole())
    top = alt.Scale(domain=[0, upward], nice=True)
    y = {name: alt.Y(f"{name}:Q", title="Events", scale=top, axis=_whole()) for name in ("boundary", "events")}
    boundary = alt.Chart(data("boundary")).encode(x=x, y=y["boundary"])
    paths = alt.Chart(data("paths")).encode(x=x, y=y["events"], color=colour(levels), description=MARK)
    ends = alt.Chart(data("ends")).encode(x=x, y=y["events"], color=colour(levels), description=MARK)
    return alt.layer(
        boundary.mark_area(interpolate="step-after", fill=_STOP, opacity=0.1).encode(y2="top:Q"),
        boundary.mark_line(interpolate="step-after", stroke=_STOP, strokeWidth=1.5),
        paths.mark_line(interpolate="step-after", strokeWidth=2).encode(strokeDash=dash(levels)),
        alt.Chart(data("told"))
        .mark_point(filled=True, size=60, opacity=0, color=_STOP)
        .encode(x=x, y=y["boundary"], description=MARK),
        ends.mark_point(filled=True, size=80, opacity=1, stroke=MUTED, strokeWidth=0.5),
    ).properties(width=_WIDTH, height=_HEIGHT)


def _whole() -> alt.Axis:
    return alt.Axis(format=",d", tickMinStep=1, tickCount=6, grid=False)
