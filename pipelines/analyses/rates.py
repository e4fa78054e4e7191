"""CRS per person-time at risk, within the window in which it may begin."""

from collections.abc import Iterator

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.times import each_stratum
from pipelines.analyses.whose import quoted, whose
from pipelines.statistics import NotEstimable, exact_rate

WINDOW = (
    "within the window after time zero in which CRS may begin (grading.onset_window_days), never beyond it, since the "
    "risk of CRS is not constant; exact Poisson 95 % confidence interval (Garwood)"
)
FIRST = f"Subjects with a first event per 100 person-days until it, death or end of observation, {WINDOW}"
ALL = f"Episodes, several of one subject each counted, per 100 person-days observed, {WINDOW}"
EVENTS = ("any", ">=2", ">=3")
DAY_S = 86400


def compute(tables: Tables) -> Iterator[Cell]:
    """Rates of first events and of all episodes, two estimands that are never mixed, in each stratum."""
    for stratum, rows in each_stratum(tables["analysis.strata"], tables["analysis.stratum_rates"]):
        of = {row["event"]: row for row in rows.iter_rows(named=True)}
        for event in EVENTS:
            found = of.get(event, {"first_events": 0, "at_risk_s": 0, "episodes": 0, "observed_s": 0})
            first = _place(stratum, "first_crs_rate", event, FIRST, "w.has_event")
            yield from first.numbers(n_events=found["first_events"])
            yield from _rate(first, found["first_events"], found["at_risk_s"])
            every = _place(stratum, "episode_rate", event, ALL, "w.episodes > 0")
            yield from every.numbers(records=found["episodes"])
            yield from _rate(every, found["episodes"], found["observed_s"])


def _rate(place: Place, events: int, at_risk_s: int) -> Iterator[Cell]:
    days = at_risk_s / DAY_S
    yield from place.numbers(person_days=days)
    # Events on the day of time zero, known only by their day, leave no time at risk.
    answer = exact_rate(events, days) if days > 0 else NotEstimable(reason="no time at risk")
    yield from place.estimate("rate", answer)


def _place(stratum: str, variable: str, event: str, method: str, condition: str) -> Place:
    also = "join window_events as w using (studyid, usubjid, part) "
    return Place(
        stratum=stratum,
        variable=variable,
        variable_level=event,
        method=method,
        subjects_sql=whose(stratum, f"w.event = {quoted(event)} and {condition}", also),
    )


ANALYSIS = Analysis(name="rates", reads=("analysis.strata", "analysis.stratum_rates"), compute=compute)
