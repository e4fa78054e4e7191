"""Rates of T1: first CRS, and all episodes, per 100 person-days within the window in which CRS may begin."""

from collections.abc import Iterable, Iterator
from functools import partial

from reports.phrases import estimate
from reports.results import Cells, Results, Stratum
from reports.section import Fold
from reports.tables import Column, Group, Table, of_results, table
from reports.titles import titled

EVENTS = {"any": "any grade", ">=2": "grade ≥ 2", ">=3": "grade ≥ 3"}
TITLE = "Rates per 100 person-days"
FIRST, EVERY = "first_crs_rate", "episode_rate"


def rates(results: Results, strata: Iterable[Group[Stratum]]) -> tuple[Fold, ...]:
    """A table for each grade, folded; none where the ARD has no rates.

    Args:
        results: Where the numbers stand.
        strata: The rows.
    """
    if not results.levels("rates", FIRST):
        return ()
    return (Fold(title=TITLE, blocks=tuple(_table(results, strata, event) for event in EVENTS)),)


def rate_methods(results: Results) -> tuple[Cells, ...]:
    """Results that name the estimators of both rates; none where the ARD has no rates."""
    return tuple(results.levels("rates", variable).get("any", {}) for variable in (FIRST, EVERY))


def _table(results: Results, strata: Iterable[Group[Stratum]], event: str) -> Table:
    return table(titled("rates", event=EVENTS[event]), "Stratum", strata, _columns(results, event))


def _columns(results: Results, event: str) -> Iterator[Column[Stratum]]:
    def of(variable: str, stratum: Stratum) -> Cells:
        return results.at("rates", variable, event, stratum)

    show = partial(estimate, name="rate", style="hundredths")
    first, every = partial(of, FIRST), partial(of, EVERY)
    yield of_results("First CRS", first, "{n_events:count}", "subjects")
    yield of_results("At risk", first, "{person_days:tenths}", "person-days")
    yield of_results("Rate of first CRS", first, show, "per 100 person-days (95 % CI)")
    yield of_results("All episodes", every, "{records:count}", "episodes")
    yield of_results("Observed", every, "{person_days:tenths}", "person-days")
    yield of_results("Rate of episodes", every, show, "per 100 person-days (95 % CI)")
