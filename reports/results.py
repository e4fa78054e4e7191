"""Analysis results by place: which numbers there are of what, in which stratum."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

# Stratum variables with their levels; empty for all subjects.
Stratum = tuple[tuple[str, str], ...]
OVERALL: Stratum = ()
# In the order of printing.
VARIABLES = ("study", "therapy", "dose", "tumour_burden")
_GROUPS = ("group1", "group2", "group3")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number of the ARD."""

    cell_id: str
    stat: float | None
    stat_text: str | None
    method: str
    warning: str | None


Cells = Mapping[str, Cell]


class MissingResult(LookupError):
    """A number that a report prints and the ARD lacks."""


class Results:
    """The rows of an ARD, found by what they measure."""

    def __init__(self, ard: pl.DataFrame, levels: pl.DataFrame) -> None:
        """Index the rows.

        Args:
            ard: Rows of ``analysis.ard``.
            levels: The levels of the stratum variables in the order of printing (group, level, position).
        """
        self._places: dict[tuple, dict[str, dict[str, Cell]]] = {}
        for row in ard.iter_rows(named=True):
            place = (row["analysis"], row["variable"], stratum_of(row), row["by_level"])
            cells = self._places.setdefault(place, {}).setdefault(row["variable_level"], {})
            cells[row["stat_name"]] = cell_of(row)
        order = {(row["group"], row["level"]): row["position"] for row in levels.iter_rows(named=True)}
        found = {stratum for analysis, _, stratum, _ in self._places if analysis == "incidence"}
        self.strata: tuple[Stratum, ...] = tuple(sorted(found, key=lambda stratum: _rank(stratum, order)))
        facts = ard.select("population", "scale", "source").unique(maintain_order=True)
        self.population, self.scale, self.source = facts.row(0)

    def at(self, analysis: str, variable: str, level: str, stratum: Stratum = OVERALL, by: str | None = None) -> Cells:
        """The statistics at one place, by name.

        Args:
            analysis: Such as ``incidence``.
            variable: What is measured.
            level: Its level.
            stratum: Whose.
            by: Level of the further split, such as a highest grade.

        Raises:
            MissingResult: If the ARD has none.
        """
        found = self.levels(analysis, variable, stratum, by).get(level)
        if not found:
            where = f"{analysis}, {variable}, {level}, stratum {stratum or 'overall'}, split {by or 'none'}"
            raise MissingResult(f"ARD: no row for {where}, which the report prints; let the analysis make it.")
        return found

    def levels(
        self, analysis: str, variable: str, stratum: Stratum = OVERALL, by: str | None = None
    ) -> Mapping[str, Cells]:
        """The statistics of every level there is, by level; none where the ARD has none."""
        return self._places.get((analysis, variable, stratum, by), {})

    def variables(self, analysis: str) -> list[str]:
        """The variables of an analysis, in the order of the ARD."""
        return list(dict.fromkeys(place[1] for place in self._places if place[0] == analysis))

    def by_day(self, analysis: str, variable: str, stratum: Stratum) -> Iterator[tuple[float, Cells]]:
        """The points of a curve: elapsed days and the statistics there, in order of time."""
        levels = self.levels(analysis, variable, stratum)
        for level in sorted(levels, key=_day):
            yield _day(level), levels[level]


def stratum_of(row: Mapping[str, Any]) -> Stratum:
    """The stratum of a row of the ARD."""
    return tuple((row[group], row[f"{group}_level"]) for group in _GROUPS if row[group] is not None)


def _rank(stratum: Stratum, order: Mapping[tuple[str, str], int]) -> tuple:
    # All subjects, then single strata variable by variable, then crossed ones.
    return len(stratum), [(VARIABLES.index(variable), order[variable, level]) for variable, level in stratum]


def cell_of(row: Mapping[str, Any]) -> Cell:
    """The number of a row of the ARD."""
    return Cell(**{name: row[name] for name in Cell.__dataclass_fields__})


def _day(level: str) -> float:
    return float(level.removeprefix("day "))
