"""How much T2 hangs on its assumptions: changes of treatment competing too, 1 - Kaplan-Meier, and mean time lost."""

from collections.abc import Iterable
from functools import partial

from reports.phrases import Phrase, estimate, say
from reports.results import Cells, Results, Stratum
from reports.section import Fold
from reports.tables import Group, Table, of_results, table
from reports.titles import titled

EVENTS = {"TTCRS": "any grade", "TTCRS2": "grade ≥ 2", "TTCRS3": "grade ≥ 3"}
# Each time with a change of treatment competing.
CHANGED = {"TTCRS": "TTCRSX", "TTCRS2": "TTCRSX2", "TTCRS3": "TTCRSX3"}
LANDMARKS = (1, 2, 3, 7, 14, 28)
TITLE = "Sensitivity: changes of treatment, Kaplan-Meier, and time lost"
LOST = "to day 28"


def sensitivity(results: Results, strata: Iterable[Group[Stratum]]) -> tuple[Fold, ...]:
    """The tables, folded; of what the ARD lacks there is none.

    Args:
        results: Where the numbers stand.
        strata: The rows.
    """
    rows = tuple(strata)
    changed = [_changed(results, rows, event) for event in EVENTS if _has_changed(results, event)]
    complements = [_complements(results, rows, event) for event in EVENTS if _has(results, event, "complement_km")]
    lost = [_lost(results, rows)] if _has(results, "TTCRS", "time_lost") else []
    blocks = (*changed, *complements, *lost)
    return (Fold(title=TITLE, blocks=blocks),) if blocks else ()


def methods_of_sensitivity(results: Results) -> tuple[Cells, ...]:
    """Results that name the estimators of these tables."""
    changed = results.levels("onset_sensitivity", CHANGED["TTCRS"]).get("day 7", {})
    first = results.levels("onset", "TTCRS")
    return (changed, first.get("day 7", {}), first.get(LOST, {}))


def _has_changed(results: Results, event: str) -> bool:
    return bool(results.levels("onset_sensitivity", CHANGED[event]))


def _has(results: Results, event: str, name: str) -> bool:
    return any(name in cells for cells in results.levels("onset", event).values())


def _changed(results: Results, rows: Iterable[Group[Stratum]], event: str) -> Table:
    def of(level: str, stratum: Stratum) -> Cells:
        return results.at("onset_sensitivity", CHANGED[event], level, stratum)

    columns = [
        of_results("N", partial(of, "all"), "{n_subjects:count}"),
        of_results("With event", partial(of, "all"), "{n_events:count}"),
        of_results("Changed treatment first", partial(of, "change of treatment"), "{n_competing:count}"),
        *(of_results(f"Day {day}", partial(of, f"day {day}"), _incidence, "% (95 % CI)") for day in LANDMARKS),
    ]
    caption = titled("more-competing", event=EVENTS[event])
    return table(caption, "Stratum", rows, columns)


def _complements(results: Results, rows: Iterable[Group[Stratum]], event: str) -> Table:
    def of(day: int, stratum: Stratum) -> Cells:
        return results.at("onset", event, f"day {day}", stratum)

    columns = [of_results(f"Day {day}", partial(of, day), _both, "AJ / 1 − KM, %") for day in LANDMARKS]
    caption = titled("naive-beside", event=EVENTS[event])
    return table(caption, "Stratum", rows, columns)


def _lost(results: Results, rows: Iterable[Group[Stratum]]) -> Table:
    def of(event: str, stratum: Stratum) -> Cells:
        return results.at("onset", event, LOST, stratum)

    show = partial(estimate, name="time_lost", style="hundredths")
    columns = [
        of_results(f"CRS of {name}", partial(of, event), show, "days (95 % CI)") for event, name in EVENTS.items()
    ]
    return table(titled("time-lost"), "Stratum", rows, columns)


def _incidence(cells: Cells) -> Phrase:
    return estimate(cells, "cif", "percent")


def _both(cells: Cells) -> Phrase:
    return say("{cif:percent} / {complement_km:percent}", cells)
