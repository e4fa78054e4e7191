"""The analysis results that those who must stay blinded may see: all arms together, and no small count."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.blinding.hiding import hidden_of_whole, hidden_parts, is_small

HIDDEN = "hidden"
WHY = "Fewer subjects than may be told here, or a count that would give such a count away."
GRADES = ("1", "2", "3", "4", "5", "missing")
SUMS = (
    ("any", frozenset(GRADES)),
    (">=3", frozenset("345")),
    (">=2", frozenset("2345")),
    (">=4", frozenset("45")),
)
OUTCOMES = ("resolved", "resolved with sequelae", "ongoing", "fatal", "unknown")
KINDS_OF_EVENTS = ("any", "serious", "grade >=3", "related")
DAY = "day 7"
_OVERALL = pl.all_horizontal(pl.col("group1", "group2", "group3").is_null())
# What may be seen, by analysis: an expression for its rows. Whatever is not here is not there.
ALLOWED: Mapping[str, pl.Expr] = {
    "population": pl.col("variable_level") == "treated",
    "incidence": pl.col("by_variable").is_null() & pl.col("stat_name").is_in(["n", "N", "p", "ci_low", "ci_high"]),
    "onset": ((pl.col("variable") == "TTCRS") & (pl.col("variable_level") == DAY) & (pl.col("stat_name") != "at_risk"))
    | ((pl.col("variable") == "onset_days") & pl.col("stat_name").is_in(["n", "median", "q1", "q3"])),
    "outcome": (pl.col("by_level") == "any") & pl.col("stat_name").is_in(["n", "N", "p"]),
    "duration": (pl.col("by_level") == "any")
    & (pl.col("variable_level") == "KM")
    & pl.col("stat_name").is_in(["n", "median", "ci_low", "ci_high"]),
    "interventions": (pl.col("by_level") == "any")
    & (pl.col("variable_level") == "during CRS")
    & pl.col("stat_name").is_in(["n", "N", "p"]),
    "symptoms": (pl.col("by_level") == "any") & pl.col("stat_name").is_in(["n", "N", "p"]),
    "adverse_events": pl.col("by_variable").is_null()
    & (pl.col("variable_level") == "Any event")
    & pl.col("variable").is_in(KINDS_OF_EVENTS)
    & pl.col("stat_name").is_in(["n", "N", "p"]),
}
# The columns a report reads; who is counted, in which stratum and by which text, is not among them.
_TOLD = ("cell_id", "analysis", "population", "scale", "source", "variable", "variable_level", "by_level")
_TOLD = (*_TOLD, "stat_name", "stat", "stat_text", "method", "warning")
Place = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class _Counts:
    """Subjects at each place, with CRS, and in all."""

    n: Mapping[Place, int]
    all: int
    with_crs: int


def open_results(ard: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """The rows of the ARD that may be seen, hidden numbers as the word ``hidden`` and the reason.

    Args:
        ard: Rows of ``analysis.ard``.
        minimum: The least count of subjects that may be told.

    Returns:
        As ``analysis.ard``, strata and what tells subjects left empty.
    """
    allowed = pl.any_horizontal((pl.col("analysis") == name) & rows for name, rows in ALLOWED.items())
    seen = ard.filter(_OVERALL, allowed)
    hidden = _hidden(_counts(seen), minimum, _days(seen))
    is_hidden = pl.struct("analysis", "variable", "variable_level").is_in(
        [dict(zip(("analysis", "variable", "variable_level"), place, strict=True)) for place in hidden]
    )
    told = pl.when(~is_hidden)
    return seen.select(_TOLD).with_columns(
        stat=told.then("stat"),
        stat_text=told.then("stat_text").otherwise(pl.lit(HIDDEN)),
        warning=told.then("warning").otherwise(pl.lit(WHY)),
        **{name: pl.lit(None, dtype=pl.String) for name in ard.columns if name not in _TOLD},
    )


def _counts(seen: pl.DataFrame) -> _Counts:
    rows = seen.filter(pl.col("stat_name") == "n", pl.col("stat").is_not_null())
    places = rows.select("analysis", "variable", "variable_level", pl.col("stat").cast(pl.Int64)).iter_rows()
    n = {(analysis, variable, level): count for analysis, variable, level, count in places}
    return _Counts(
        n=n,
        all=n.get(("population", "subjects", "treated"), 0),
        with_crs=n.get(("incidence", "max_grade", "any"), 0),
    )


def _days(seen: pl.DataFrame) -> float | None:
    """The cumulative incidence by the day that is told."""
    found = seen.filter(pl.col("analysis") == "onset", pl.col("stat_name") == "cif")["stat"].to_list()
    return found[0] if found else None


def _hidden(counts: _Counts, minimum: int, by_day: float | None) -> set[Place]:
    """Every place whose numbers are hidden."""
    if is_small(counts.all, minimum):
        return {*counts.n, ("onset", "TTCRS", DAY)}
    grades, outcomes = _grades_and_outcomes(counts, minimum)
    hidden = {("incidence", "max_grade", level) for level in grades}
    if "any" in grades or is_small(counts.with_crs, minimum):
        of_crs = ("onset", "outcome", "duration", "interventions", "symptoms")
        return hidden | {place for place in counts.n if place[0] in of_crs} | {("onset", "TTCRS", DAY)}
    hidden |= {("outcome", "outcome", level) for level in outcomes}
    hidden |= set(_of_two(counts, counts.with_crs, ("interventions", "symptoms"), minimum))
    hidden |= set(_of_times(counts, minimum))
    hidden |= set(_of_events(counts, minimum))
    return hidden | _of_day(counts, minimum, by_day)


def _grades_and_outcomes(counts: _Counts, minimum: int) -> tuple[Collection[str], Collection[str]]:
    """The levels hidden of both; those who died of CRS are in both, so that either tells the other."""
    grades = {level: counts.n.get(("incidence", "max_grade", level), 0) for level in ("none", *GRADES)}
    outcomes = {level: counts.n.get(("outcome", "outcome", level), 0) for level in OUTCOMES}
    hidden: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    while True:
        died = frozenset({"5"} if "fatal" in hidden[1] else ()), frozenset({"fatal"} if "5" in hidden[0] else ())
        found = hidden_of_whole(grades, SUMS, minimum, died[0]), hidden_parts(outcomes, minimum, died[1])
        if found == hidden:
            return found
        hidden = found


def _of_two(counts: _Counts, whole: int, analyses: Collection[str], minimum: int) -> Iterator[Place]:
    """Where either those with it or those without it are too few."""
    for place, n in counts.n.items():
        if place[0] in analyses and (is_small(n, minimum) or is_small(whole - n, minimum)):
            yield place


def _of_times(counts: _Counts, minimum: int) -> Iterator[Place]:
    """Times of too few subjects, or of all but too few."""
    return _of_two(counts, counts.with_crs, ("onset", "duration"), minimum)


def _of_events(counts: _Counts, minimum: int) -> Iterator[Place]:
    """Kinds of adverse events that too few had or had not, or that all but too few of those with any event had."""
    some = counts.n.get(("adverse_events", "any", "Any event"), 0)
    yield from _of_two(counts, counts.all, ("adverse_events",), minimum)
    yield from (place for place in _of_two(counts, some, ("adverse_events",), minimum) if place[1] != "any")


def _of_day(counts: _Counts, minimum: int, by_day: float | None) -> set[Place]:
    if by_day is None:
        return set()
    until = round(by_day * counts.all)
    later = counts.with_crs - until
    return {("onset", "TTCRS", DAY)} if is_small(until, minimum) or is_small(later, minimum) else set()
