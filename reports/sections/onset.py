"""T2: when CRS began."""

from collections.abc import Iterator
from functools import partial

from reports import notes
from reports.charts.curves import onset_figure
from reports.material import Material
from reports.phrases import Phrase, estimate, say, span
from reports.results import Cells, Results, Stratum
from reports.section import CROSSED, Block, Drawn, Fold, section
from reports.sections.sensitivity import methods_of_sensitivity, sensitivity
from reports.sections.time_tests import methods_of_tests, time_tests
from reports.strata import crossed, singles
from reports.tables import Column, Group, Table, of_results, table
from reports.titles import titled

EVENTS = {"TTCRS": "CRS of any grade", "TTCRS2": "CRS of grade 2 or higher", "TTCRS3": "CRS of grade 3 or higher"}
COUNTS = {"n_subjects": "N", "n_events": "With event", "n_competing": "Died first", "n_censored": "Censored"}
LANDMARKS = (1, 2, 3, 7, 14, 28)
RISK_DAYS = (0, 1, 2, 3, 7, 14, 21, 28)
# Each is the key of its title too.
SUMMARIES = ("onset_days", "onset_from_dose_days", "time_to_max_grade_days")
Rows = tuple[Group[Stratum], ...]


def draw(results: Results, material: Material) -> Drawn:
    """Curves, landmarks, times among those with CRS, and the footnotes."""
    rows = singles(results)
    first, *others = SUMMARIES
    curves = {event: onset_figure(results, event, name) for event, name in EVENTS.items() if event != "TTCRS2"}
    return Drawn(
        blocks=(
            curves["TTCRS"],
            _landmarks(results, "TTCRS", rows),
            _summary(results, first, rows),
            _landmarks(results, "TTCRS3", rows),
            Fold(title="Curves of CRS of grade 3 or higher", blocks=(curves["TTCRS3"],)),
            Fold(title="CRS of grade 2 or higher", blocks=(_landmarks(results, "TTCRS2", rows),)),
            Fold(
                title="Times from the last dose, and to the highest grade",
                blocks=tuple(_summary(results, o, rows) for o in others),
            ),
            Fold(title="Numbers at risk", blocks=tuple(_at_risk(results, event, rows) for event in EVENTS)),
            *time_tests(material, titled("onset-tests"), EVENTS),
            *sensitivity(results, rows),
            *_crossed(results),
        ),
        notes=_notes(results, material),
    )


def _crossed(results: Results) -> tuple[Block, ...]:
    rows, also = crossed(results), ", strata crossed"
    blocks = (_landmarks(results, "TTCRS", rows, also), _summary(results, "onset_days", rows, also))
    return (Fold(title=CROSSED, blocks=blocks),) if rows else ()


def _landmarks(results: Results, event: str, rows: Rows, also: str = "") -> Table:
    def of(level: str, stratum: Stratum) -> Cells:
        return results.at("onset", event, level, stratum)

    counts = [of_results(label, partial(of, "all"), f"{{{stat}:count}}") for stat, label in COUNTS.items()]
    show = partial(estimate, name="cif", style="percent")
    days = [of_results(f"Day {day}", partial(of, f"day {day}"), show, "% (95 % CI)") for day in LANDMARKS]
    return table(titled("onset-incidence", event=EVENTS[event], also=also), "Stratum", rows, (*counts, *days))


def _summary(results: Results, variable: str, rows: Rows, also: str = "") -> Table:
    def of(stratum: Stratum) -> Cells:
        return results.at("onset", variable, "with CRS", stratum)

    return table(titled(variable, also=also), "Stratum", rows, _summary_columns(of))


def _summary_columns(of) -> Iterator[Column[Stratum]]:
    yield of_results("n", of, "{n:count}")
    yield of_results("Median", of, "{median:days}")
    yield of_results("Q1–Q3", of, partial(span, style="days", low="q1", high="q3"))
    yield of_results("Min–max", of, partial(span, style="days", low="min", high="max"))
    yield of_results("Mean (SD)", of, _mean)


def _mean(cells: Cells) -> Phrase:
    return say("{mean:days}" if cells["sd"].stat is None else "{mean:days} ({sd:spread})", cells)


def _at_risk(results: Results, event: str, rows: Rows) -> Table:
    def of(day: int, stratum: Stratum) -> Cells:
        return results.at("onset_curve", event, f"day {day}", stratum)

    columns = [of_results(f"Day {day}", partial(of, day), "{at_risk:count}") for day in RISK_DAYS]
    return table(titled("at-risk", event=EVENTS[event]), "Stratum", rows, columns)


def _notes(results: Results, material: Material) -> tuple[str, ...]:
    return (
        notes.population(results),
        "Denominator: all treated subjects of the row for cumulative incidence, its subjects with CRS for times.",
        notes.grades(results),
        *notes.estimators(results.at("onset", "TTCRS", "day 7"), results.at("onset", "onset_days", "with CRS")),
        *notes.estimators(*methods_of_sensitivity(results)),
        *methods_of_tests(material, EVENTS),
        notes.DAYS,
        *notes.strata(results, material),
        notes.in_force(material, notes.GRADING),
        notes.NOT_ESTIMABLE,
    )


SECTION = section("section.t2", draw)
