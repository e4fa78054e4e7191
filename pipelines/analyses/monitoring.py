"""Whether the board's stopping boundary has been crossed, and how its rule would behave."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.cohorts import Cohort, cohorts
from pipelines.statistics import StoppingRule, operating_characteristics

# A course longer than this is no board's; beyond it only the present state is told.
LONGEST_COURSE = 200
TRUE_RATES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8)
EVALUATED = (
    "subjects whose window after the first dose was over at the data cut, who had the event in it, died in it, or were "
    "followed to its end"
)

ENUMERATED = "all courses enumerated; the type I error is the probability of stopping where the true rate is the limit"


def compute(tables: Tables) -> Iterator[Cell]:
    """The boundary of each study with a stopping rule, how it would behave, and where each cohort stands."""
    evaluations = tables["analysis.cohort_evaluations"]
    for settings in _rules(tables):
        study = settings["studyid"]
        looks = tables["study.stopping_looks"].filter(pl.col("studyid") == study)["subjects"].sort().to_list()
        rule = StoppingRule(**{name: settings[name] for name in StoppingRule.__dataclass_fields__})
        words = _words(settings)
        yield from _boundary(study, rule, looks[-1], words)
        yield from _behaviour(study, rule, looks, words)
        of_study = evaluations.filter(pl.col("studyid") == study)
        groups = ("therapy",) if settings["dose_by"] == "dose_number" else ("therapy", "dose")
        for cohort in cohorts(tables["analysis.strata"], of_study, study, rule, groups):
            yield from _present(cohort, words)
            yield from _course(cohort, words)


def _rules(tables: Tables) -> list[dict[str, Any]]:
    doses = tables["study.parameters"].select("studyid", "dose_by")
    return tables["study.stopping_rules"].join(doses, on="studyid").sort("studyid").to_dicts()


def _words(settings: Mapping[str, Any]) -> str:
    return (
        f"Beta-binomial, prior Beta({settings['prior_events']:g}, {settings['prior_without']:g}): stop when "
        f"P(rate of CRS of grade {settings['at_least']} or more within {settings['window_s'] / 86400:g} days of the "
        f"first dose > {settings['limit_rate']:g}) > {settings['confidence']:g}"
    )


def _boundary(study: str, rule: StoppingRule, largest: int, words: str) -> Iterator[Cell]:
    for subjects in range(1, largest + 1):
        place = _of_rule(study, "stopping_boundary", f"of {subjects}", words)
        yield from _limit(place, rule.boundary(subjects))


def _limit(place: Place, boundary: int | None) -> Iterator[Cell]:
    if boundary is None:
        yield from place.not_estimable("even events in all of them would not stop", "boundary")
    else:
        yield from place.numbers(boundary=boundary)


def _behaviour(study: str, rule: StoppingRule, looks: list[int], words: str) -> Iterator[Cell]:
    schedules = {"at the looks": looks, "after every subject": list(range(1, looks[-1] + 1))}
    rates = sorted({*TRUE_RATES, rule.limit_rate})
    for name, schedule in schedules.items():
        told = f"{words}; looks after {', '.join(map(str, looks))} subjects" if schedule is looks else words
        for found in operating_characteristics(rule, schedule, rates):
            place = _of_rule(
                study, "operating_characteristics", f"true rate {found.true_rate:g}", f"{told}; {ENUMERATED}", name
            )
            yield from place.numbers(
                stop_probability=found.stop_probability,
                expected_subjects=found.expected_subjects,
                expected_events=found.expected_events,
            )


def _of_rule(study: str, variable: str, level: str, method: str, looks: str | None = None) -> Place:
    return Place(
        stratum="overall",
        by_variable="study" if looks is None else "study and looks",
        by_level=study if looks is None else f"{study}, {looks}",
        variable=variable,
        variable_level=level,
        method=method,
    )


def _present(cohort: Cohort, words: str) -> Iterator[Cell]:
    told = f"{words}; {EVALUATED}"
    yield from cohort.place("event", "evaluated", told).share(cohort.events, cohort.evaluated)
    for answer, n in cohort.not_evaluated.items():
        yield from cohort.place(answer, "treated", f"{told}; not evaluated yet, or lost").numbers(n=n)
    now = cohort.place("now", "evaluated", told)
    if cohort.evaluated == 0:
        yield from now.not_estimable("no subject has finished the window", "probability", "boundary", "crossed")
    else:
        rule, events, evaluated = cohort.rule, cohort.events, cohort.evaluated
        yield from now.numbers(probability=rule.probability_above_limit(events, evaluated))
        boundary = rule.boundary(evaluated)
        yield from now.numbers(crossed=float(boundary is not None and events >= boundary))
        yield from _limit(now, boundary)
    yield from _first_crossing(cohort, told)


def _first_crossing(cohort: Cohort, told: str) -> Iterator[Cell]:
    place = cohort.place(
        "first crossing", "evaluated", f"{told}; looking after every subject, in the order windows end"
    )
    crossed = cohort.rule.first_crossing(cohort.course)
    if crossed is None:
        yield place.cell("crossed_at", None, "not crossed")
    else:
        yield from place.numbers(crossed_at=crossed)


def _course(cohort: Cohort, words: str) -> Iterator[Cell]:
    for subjects, events in enumerate(cohort.course[:LONGEST_COURSE], start=1):
        place = cohort.place_after(subjects, f"{words}; {EVALUATED}; in the order in which their windows end")
        yield from place.numbers(n_events=events)


ANALYSIS = Analysis(
    name="monitoring",
    reads=(
        "analysis.strata",
        "analysis.cohort_evaluations",
        "study.stopping_rules",
        "study.stopping_looks",
        "study.parameters",
    ),
    compute=compute,
)
