"""A number, where it stands, how it was made, and whose it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isinf

import polars as pl
from threadpoolctl import threadpool_limits

from pipelines.statistics import Estimate, NotEstimable, Point, TestResult, exact_interval

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number before it is put among the others."""

    place: "Place"
    stat_name: str
    stat: float | None
    stat_text: str | None = None
    warning: str | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a number stands: its stratum, its split, what is measured, and whose it is.

    ``subjects_sql`` returns the subjects behind every number here but the denominator N, whose are ``among_sql``.
    """

    stratum: str
    variable: str
    variable_level: str
    method: str
    by_variable: str | None = None
    by_level: str | None = None
    subjects_sql: str | None = None
    among_sql: str | None = None

    def whose(self, stat_name: str) -> str | None:
        """The SELECT that returns the subjects behind a number at this place."""
        return self.among_sql if stat_name == "N" else self.subjects_sql

    def cell(self, stat_name: str, stat: float | None, text: str | None = None, warning: str | None = None) -> Cell:
        """One number at this place; text says what no number can."""
        return Cell(place=self, stat_name=stat_name, stat=stat, stat_text=text, warning=warning)

    def numbers(self, **stats: float | None) -> Iterator[Cell]:
        """Numbers at this place, by name of the statistic; None is what too few values cannot give."""
        return self._told("NE", "too few values", stats)

    def not_estimable(self, reason: str, *names: str) -> Iterator[Cell]:
        """Numbers that the data cannot give, with the reason."""
        return (self.cell(name, None, "NE", reason) for name in names)

    def share(self, n: int, among: int) -> Iterator[Cell]:
        """How many of how many, and the proportion with its exact limits; not estimable among nobody."""
        yield from self.numbers(n=n, N=among)
        if among == 0:
            yield from self.not_estimable("no subjects", "p", "ci_low", "ci_high")
            return
        low, high = exact_interval(n, among)
        yield from self.numbers(p=n / among, ci_low=low, ci_high=high)

    def estimate(self, name: str, answer: Estimate | NotEstimable) -> Iterator[Cell]:
        """An estimate under its name, with its limits, or why there is none; a limit that is infinite is NE."""
        if isinstance(answer, NotEstimable):
            yield from self.not_estimable(answer.reason, name, "ci_low", "ci_high")
        else:
            stats = {name: answer.estimate, "ci_low": answer.lower, "ci_high": answer.upper}
            yield from self._told("NE", "it is infinite", stats)

    def test(self, answer: TestResult | NotEstimable) -> Iterator[Cell]:
        """A chi-square test, or why there is none."""
        if isinstance(answer, NotEstimable):
            yield from self.not_estimable(answer.reason, "statistic", "df", "p_value")
        else:
            yield from self.numbers(statistic=answer.statistic, df=answer.degrees_of_freedom, p_value=answer.p_value)

    def point(self, answer: Point | NotEstimable) -> Iterator[Cell]:
        """A cumulative incidence with its limits, or why there is none."""
        if isinstance(answer, NotEstimable):
            yield from self.not_estimable(answer.reason, "cif", "ci_low", "ci_high")
        else:
            stats = {"cif": answer.estimate, "ci_low": answer.lower, "ci_high": answer.upper}
            yield from self._told("NE", "a log(-log) limit does not exist where the estimate is 0 or 1", stats)

    def quantile(self, answer: Estimate | NotEstimable, name: str = "median") -> Iterator[Cell]:
        """A median, or the quantile of another name, with its limits; NR where the curve does not reach it."""
        if isinstance(answer, NotEstimable):
            for stat_name in (name, "ci_low", "ci_high"):
                yield self.cell(stat_name, None, "NR", answer.reason)
        else:
            stats = {name: answer.estimate, "ci_low": answer.lower, "ci_high": answer.upper}
            yield from self._told("NR", "the limit of the curve does not reach it", stats)

    def _told(self, text: str, reason: str, stats: Mapping[str, float | None]) -> Iterator[Cell]:
        for name, stat in stats.items():
            if stat is None or isinf(stat):
                yield self.cell(name, None, text, reason)
            else:
                yield self.cell(name, stat)


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """An analysis: its name, the tables it reads, and how it makes cells of them."""

    name: str
    reads: tuple[str, ...]
    compute: Callable[[Tables], Iterator[Cell]]

    def cells(self, tables: Tables) -> list[Cell]:
        """The cells made of the tables, the same to the last digit however many processors there are."""
        # Libraries of linear algebra share sums out among threads, and so round them otherwise.
        with threadpool_limits(limits=1, user_api="blas"):
            return [*self.compute(tables)]
