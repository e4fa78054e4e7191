"""Subjects with and without an event in the levels of a variable, within the levels of another if there is one."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.analyses.cells import Place
from pipelines.analyses.grades import LEVELS, chosen
from pipelines.analyses.levels import MISSING, STEPPED
from pipelines.analyses.whose import quoted, whose
from pipelines.statistics import NotEstimable, TwoGroups


@dataclass(frozen=True, kw_only=True, eq=False)
class Compared:
    """Counts of one event: ``tables`` is strata x levels x (without, with), one stratum when nothing is held fixed."""

    variable: str
    within: str | None
    event: str
    levels: tuple[str, ...]
    tables: np.ndarray
    why_not: str | None

    @property
    def others(self) -> tuple[str, ...]:
        """The levels that are held against the first."""
        return self.levels[1:]

    def two_groups(self, level: str) -> list[TwoGroups] | NotEstimable:
        """The level against the first, stratum by stratum."""
        if self.why_not:
            return NotEstimable(reason=self.why_not)
        place = self.levels.index(level)
        return [
            TwoGroups(
                events=int(table[place, 1]),
                subjects=int(table[place].sum()),
                reference_events=int(table[0, 1]),
                reference_subjects=int(table[0].sum()),
            )
            for table in self.tables
        ]

    def against(self, level: str, variable: str, method: str) -> Place:
        """Where a comparison of the level with the first stands."""
        stratum = f"{self.variable}: {level}"
        return Place(
            stratum=stratum,
            by_variable="against" if self.within is None else f"against, within {self.within}",
            by_level=self.levels[0],
            variable=variable,
            variable_level=self.event,
            method=f"{method}{self._words()}",
            subjects_sql=whose(stratum, LEVELS[self.event]),
            among_sql=whose(stratum),
        )

    def across(self, variable: str, method: str) -> Place:
        """Where a comparison of all levels stands."""
        return Place(
            stratum="overall",
            by_variable="across" if self.within is None else f"across, within {self.within}",
            by_level=self.variable,
            variable=variable,
            variable_level=self.event,
            method=f"{method}{self._words()}; Missing left out",
            subjects_sql=self._whose(LEVELS[self.event]),
            among_sql=self._whose("true"),
        )

    def _words(self) -> str:
        fixed = "" if self.within is None else f"; stratified by {self.within}, where Missing is a stratum of its own"
        return f"; subjects by highest grade, a grade not known not counted as {self.event}{fixed}"

    def _whose(self, condition: str) -> str:
        return (
            "select distinct r.studyid, r.usubjid from strata as s join members as m on m.stratum = s.stratum "
            "join subject_results as r using (studyid, usubjid, part) "
            f"where s.group1 = {quoted(self.variable)} and s.group2 is null "
            f"and s.group1_level <> {quoted(MISSING)} and {condition} order by all"
        )


def comparisons(
    levels: Mapping[str, list[str]], rows: pl.DataFrame, events: Collection[str], stepped: bool
) -> Iterator[Compared]:
    """Every variable and event, crude and within each other variable.

    Args:
        levels: Each stratum variable with its levels.
        rows: ``analysis.level_grades``.
        events: Names in ``grades.LEVELS``.
        stepped: Whether a subject is in several dose levels.
    """
    for variable, names in levels.items():
        known = tuple(name for name in names if name != MISSING)
        for within in (None, *(other for other in levels if other != variable)):
            for event in events:
                no_groups = stepped and "dose" in (variable, within)
                fixed = [None] if within is None else levels[within]
                chosen_rows = rows.filter(pl.col(variable).is_in(known))
                yield Compared(
                    variable=variable,
                    within=within,
                    event=event,
                    levels=known,
                    tables=np.array([_table(chosen_rows, variable, known, within, one, event) for one in fixed]),
                    why_not=STEPPED if no_groups else None,
                )


def _table(
    rows: pl.DataFrame, variable: str, levels: tuple[str, ...], within: str | None, fixed: str | None, event: str
) -> np.ndarray:
    if within is not None:
        rows = rows.filter(pl.col(within) == fixed)
    counted = rows.group_by(pl.col(variable).alias("level"), chosen(event).alias("had")).agg(pl.col("n").sum())
    table = np.zeros((len(levels), 2))
    for level, had, n in counted.iter_rows():
        table[levels.index(level), int(had)] = n
    return table
