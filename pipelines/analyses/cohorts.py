"""Cohorts as a stopping rule sees them: who has been evaluated, in which order, and with which answer."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.analyses.cells import Place
from pipelines.analyses.times import each_stratum
from pipelines.analyses.whose import quoted
from pipelines.statistics import StoppingRule

NOT_EVALUATED = ("in the window", "event in the window", "lost in the window")


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """A cohort of one study: events so far after each evaluated subject, and how many are not evaluated, by reason."""

    stratum: str
    study: str
    rule: StoppingRule
    course: tuple[int, ...]
    not_evaluated: Mapping[str, int]

    @property
    def evaluated(self) -> int:
        """How many subjects have been evaluated."""
        return len(self.course)

    @property
    def events(self) -> int:
        """How many of them had the event."""
        return self.course[-1] if self.course else 0

    def place(self, level: str, among: str, method: str) -> Place:
        """Where a number of the cohort's present state stands; ``level`` is an answer, or what is told."""
        return self._place("stopping_rule", level, method, CONDITIONS.get(level, "e.place > 0"), CONDITIONS[among])

    def place_after(self, subjects: int, method: str) -> Place:
        """Where the number of events among the first ``subjects`` evaluated stands."""
        condition = f"e.answer = 'event' and e.place <= {subjects}"
        return self._place("stopping_course", f"after {subjects}", method, condition, f"e.place <= {subjects}")

    def _place(self, variable: str, level: str, method: str, condition: str, among: str) -> Place:
        return Place(
            stratum=self.stratum,
            by_variable="study",
            by_level=self.study,
            variable=variable,
            variable_level=level,
            method=method,
            subjects_sql=self._whose(condition),
            among_sql=self._whose(among),
        )

    def _whose(self, condition: str) -> str:
        cohort = f"e.stratum = {quoted(self.stratum)} and e.studyid = {quoted(self.study)}"
        return f"select e.studyid, e.usubjid from cohort_evaluations as e where {cohort} and {condition} order by all"


# Whom each number is about.
CONDITIONS = {
    "evaluated": "e.place > 0",
    "treated": "true",
    "event": "e.answer = 'event'",
    "in the window": "e.answer = 'in the window'",
    "event in the window": "e.answer = 'in the window' and e.has_event",
    "lost in the window": "e.answer = 'lost in the window'",
}


def cohorts(
    strata: pl.DataFrame, evaluations: pl.DataFrame, study: str, rule: StoppingRule, groups: Collection[str]
) -> Iterator[Cohort]:
    """The cohorts of a study, in the order of reports; one without subjects is there too, unless studies are pooled.

    Args:
        strata: ``analysis.strata``.
        evaluations: ``analysis.cohort_evaluations`` of the study.
        study: Its name.
        rule: When to stop.
        groups: Variables whose levels are cohorts.
    """
    chosen = strata.filter(pl.col("group1").is_null() | pl.col("group1").is_in(groups), pl.col("group2").is_null())
    # A therapy of another study is no cohort of this one.
    if "study" in strata["group1"]:
        chosen = chosen.join(evaluations, on="stratum", how="semi")
    for stratum, rows in each_stratum(chosen, evaluations):
        yield Cohort(
            stratum=stratum,
            study=study,
            rule=rule,
            course=_course(rows),
            not_evaluated={answer: rows.filter(_is(answer)).height for answer in NOT_EVALUATED},
        )


def _course(rows: pl.DataFrame) -> tuple[int, ...]:
    evaluated = rows.filter(pl.col("place").is_not_null()).sort("place")
    return tuple((evaluated["answer"] == "event").cum_sum().to_list())


def _is(answer: str) -> pl.Expr:
    if answer == "event in the window":
        return (pl.col("answer") == "in the window") & pl.col("has_event")
    return pl.col("answer") == answer
