"""A number told to people: what it is, how it was made, and whose it is."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.explaining.cell import Behind, CellFacts, Number
from pipelines.explaining.clock import begun, ended
from pipelines.explaining.columns import aligned

SUBJECT_COLUMNS = ("USUBJID", "study", "grades", "episode", "grade", "onset", "day", "end", "outcome")
NO_SUBJECTS = "It names no subjects: it is a point of a curve or a summary of times, not a count."


@dataclass(frozen=True, kw_only=True)
class ToldCell:
    """A number and its subjects, as data and in words."""

    facts: CellFacts

    def as_dict(self) -> dict[str, Any]:
        """The facts, for machines."""
        return asdict(self.facts)

    def lines(self, verbose: bool = False) -> list[str]:
        """The number in words; verbose adds the SELECT that finds its subjects."""
        number, subjects = self.facts.number, self.facts.subjects
        told = [*_number(number), ""]
        if subjects is None:
            return [*told, NO_SUBJECTS]
        if verbose:
            told += [f"Found by: {number.subjects_sql}", ""]
        return [*told, *_behind(subjects)]


def _number(number: Number) -> Iterator[str]:
    value = number.stat_text or ("empty" if number.stat is None else f"{number.stat:.6g}")
    yield f"Number {number.cell_id} of {number.study}, data cut {number.cut}"
    yield f"{number.stat_label} = {value}"
    yield f"Analysis: {number.analysis}; {number.variable}: {number.variable_level}"
    if number.by_variable:
        yield f"Among subjects with {number.by_variable} {number.by_level}"
    yield f"Group: {', '.join(_groups(number)) or 'all subjects'}"
    yield f"Population: {number.population}; {number.source} grades, scale {number.scale}"
    yield f"Method: {number.method}"
    if number.warning:
        yield f"Warning: {number.warning}"


def _groups(number: Number) -> Iterator[str]:
    for name, level in (
        (number.group1, number.group1_level),
        (number.group2, number.group2_level),
        (number.group3, number.group3_level),
    ):
        if name:
            yield f"{name} {level}"


def _behind(subjects: tuple[Behind, ...]) -> Iterator[str]:
    how_many = len({(one.studyid, one.usubjid) for one in subjects})
    yield f"{how_many} subject{'' if how_many == 1 else 's'} behind it{':' if how_many else '.'}"
    if subjects:
        yield from aligned([SUBJECT_COLUMNS, *map(_row, subjects)])


def _row(one: Behind) -> tuple[str, ...]:
    if one.astdtm is None or one.aendtm is None:
        return (one.usubjid, one.studyid, "no CRS on this scale", *[""] * 6)
    return (
        one.usubjid,
        one.studyid,
        f"{one.scale} {one.source}",
        str(one.episode),
        "none" if one.grade is None else str(one.grade),
        begun(one.astdtm, one.astprec),
        "" if one.onset_days is None else f"{one.onset_days:.1f}",
        f"{ended(one.aendtm, one.aenprec)}{', ongoing' if one.ongoing else ''}",
        one.outcome or "",
    )
