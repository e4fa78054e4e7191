"""Tests between levels over time, for T2 and T3: Gray's test and the log-rank test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from reports.material import Material
from reports.phrases import Phrase, say
from reports.places import Place, places
from reports.results import OVERALL, Cells
from reports.section import Block, Fold
from reports.strata import NAMES
from reports.tables import Column, Group, Heading, Table, table

TESTS = {"Gray": "Gray", "log-rank": "Log-rank, cause-specific"}
COMPARED = "Tests over time compare the levels that have subjects; Missing is left out."
_ACROSS, _WITHIN = "across", "across within "


@dataclass(frozen=True, kw_only=True)
class _Row:
    """What time is compared, between the levels of which variable, within which other one."""

    parameter: str
    variable: str
    within: str = ""

    def place(self, level: str) -> Place:
        """Where its answer stands."""
        by = f"{_WITHIN}{self.within}" if self.within else _ACROSS
        return Place(stratum=OVERALL, variable=self.parameter, level=level, by_variable=by, by_level=self.variable)


def time_tests(material: Material, caption: str, parameters: Mapping[str, str]) -> tuple[Block, ...]:
    """Tests between all levels of each variable, those within another folded; none where nothing can be tested.

    Args:
        material: Where the numbers stand.
        caption: Of the table, with its number.
        parameters: Names of the times in the ARD, and how each is called.
    """
    found = places(material.ard, "time_tests")
    rows = [row for row in _rows(found) if row.parameter in parameters]
    variables = {row.variable for row in rows if found[row.place("Gray")]["p_value"].stat is not None}
    if not variables:
        return ()
    rows = [row for row in rows if row.variable in variables]
    crude = _table(found, caption, parameters, [r for r in rows if not r.within])
    also = f"{caption}, within levels of another variable"
    within = _table(found, also, parameters, [row for row in rows if row.within])
    return (crude, Fold(title="The same tests within levels of another variable", blocks=(within,)))


def methods_of_tests(material: Material, parameters: Mapping[str, str]) -> tuple[str, ...]:
    """The tests in words, each once.

    Args:
        material: Where the numbers stand.
        parameters: Names of the times in the ARD.
    """
    found = places(material.ard, "time_tests")
    told = (cells for place, cells in found.items() if place.variable in parameters and place.level in TESTS)
    methods = (cell.method.partition("; time to ")[0] for cells in told for cell in cells.values())
    named = tuple(f"{method}." for method in dict.fromkeys(methods))
    return (*named, COMPARED) if named else ()


def _rows(found: Mapping[Place, Cells]) -> list[_Row]:
    return [
        _Row(
            parameter=place.variable,
            variable=place.by_level or "",
            within=(place.by_variable or "").removeprefix(_WITHIN) if place.by_variable != _ACROSS else "",
        )
        for place in found
        if place.level == "Gray"
    ]


def _table(found: Mapping[Place, Cells], caption: str, parameters: Mapping[str, str], rows: list[_Row]) -> Table:
    groups = (
        Group(label=label, rows=tuple((_name(row), row) for row in rows if row.parameter == parameter))
        for parameter, label in parameters.items()
    )
    return table(caption, "Levels of", groups, _columns(found))


def _name(row: _Row) -> str:
    return f"{NAMES[row.variable]}, within {NAMES[row.within].lower()}" if row.within else NAMES[row.variable]


def _columns(found: Mapping[Place, Cells]) -> Iterator[Column[_Row]]:
    show = partial(_said, found)
    yield Column(heading=Heading(label="Subjects"), show=partial(show, "compared", "{n_subjects:count}"))
    yield Column(heading=Heading(label="With event"), show=partial(show, "compared", "{n_events:count}"))
    for level, label in TESTS.items():
        yield Column(heading=Heading(label=label, holds="chi-square (df)"), show=partial(_statistic, found, level))
        yield Column(heading=Heading(label=label, holds="p"), show=partial(show, level, "{p_value:p_value}"))


def _said(found: Mapping[Place, Cells], level: str, pattern: str, row: _Row) -> Phrase:
    return say(pattern, found[row.place(level)])


def _statistic(found: Mapping[Place, Cells], level: str, row: _Row) -> Phrase:
    cells = found[row.place(level)]
    return say("{statistic:hundredths}" + ("" if cells["statistic"].stat is None else " ({df:count})"), cells)
