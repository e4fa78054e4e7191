"""Tables of T1 that hold levels against each other: differences, odds ratios and tests of incidence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from reports.material import Material
from reports.phrases import Phrase, effect, estimate, say
from reports.places import Place, places
from reports.results import OVERALL, Cells, Stratum
from reports.section import Block, Fold, Sentence
from reports.strata import NAMES
from reports.tables import Column, Group, Heading, Table, table
from reports.titles import titled

EVENTS = {"any": "any grade", ">=2": "grade ≥ 2", ">=3": "grade ≥ 3", ">=4": "grade ≥ 4"}
SHOWN = ("any", ">=3")
NOTHING = "Levels are not compared: no variable has two levels that are separate groups of subjects."
NOT_ADJUSTED = "p-values of comparisons are not adjusted for their number."
_WITHIN = ", within "


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A comparison: of the level of a stratum with the first, or of all levels of a variable; within another or not."""

    by: str
    by_level: str
    stratum: Stratum = OVERALL

    def place(self, variable: str, event: str) -> Place:
        """Where its answer stands."""
        return Place(stratum=self.stratum, variable=variable, level=event, by_variable=self.by, by_level=self.by_level)

    @property
    def within(self) -> str:
        """The variable held fixed; empty for none."""
        return self.by.partition(_WITHIN)[2]


class _Found:
    """The comparisons that there are."""

    def __init__(self, material: Material) -> None:
        self.all: Mapping[Place, Cells] = places(material.ard, "comparison")
        told = [place for place in self.all if place.level == "any"]
        self.against = _rows(place for place in told if place.variable == "crs_difference")
        # A variable of one level has nothing to be tested.
        compared = {row.stratum[0][0] for row in self.against}
        across = _rows(place for place in told if place.variable == "crs_association")
        self.across = [row for row in across if row.by_level in compared]

    def is_answered(self) -> bool:
        """Whether any difference could be estimated."""
        found = (self.all[row.place("crs_difference", event)] for row in self.against for event in EVENTS)
        return any(cells["difference"].stat is not None for cells in found)

    def show(self, variable: str, event: str, said: Callable[[Cells], Phrase], row: _Row) -> Phrase:
        """The answer of a comparison; nothing where there is no such test."""
        cells = self.all.get(row.place(variable, event))
        return said(cells) if cells else ("",)


def _rows(found: Iterator[Place]) -> list[_Row]:
    return [_Row(by=place.by_variable or "", by_level=place.by_level or "", stratum=place.stratum) for place in found]


def comparisons(material: Material) -> tuple[Block, ...]:
    """Differences between levels and tests across them; those within another variable and of other grades folded.

    Args:
        material: Where the numbers stand.
    """
    found = _Found(material)
    if not found.is_answered():
        return (Sentence(said=(NOTHING,)),)
    return (
        *(_differences(found, event) for event in SHOWN),
        _tests(found, ""),
        Fold(
            title="Differences of grade ≥ 2 and ≥ 4",
            blocks=tuple(_differences(found, event) for event in EVENTS if event not in SHOWN),
        ),
        Fold(title="The same within levels of another variable", blocks=tuple(_within(found))),
    )


def _differences(found: _Found, event: str) -> Table:
    rows = _grouped([row for row in found.against if not row.within])
    show = partial(found.show, event=event)
    columns = (
        _column("Difference", "% points (95 % CI)", show, "crs_difference", _difference),
        _column("Odds ratio", "(95 % CI)", show, "crs_odds_ratio", _ratio),
        _column("Fisher", "p", show, "crs_odds_ratio", _p),
    )
    return table(titled("differences-between-levels", event=EVENTS[event]), "Level", rows, columns)


def _grouped(rows: list[_Row]) -> Iterator[Group[_Row]]:
    for variable in dict.fromkeys(row.stratum[0][0] for row in rows):
        of = [row for row in rows if row.stratum[0][0] == variable]
        yield Group(
            label=NAMES[variable], rows=tuple((f"{row.stratum[0][1]} against {row.by_level}", row) for row in of)
        )


def _column(
    label: str, holds: str, show: partial[Phrase], variable: str, said: Callable[[Cells], Phrase]
) -> Column[_Row]:
    def shown(row: _Row) -> Phrase:
        return show(variable=variable, said=said, row=row)

    return Column(heading=Heading(label=label, holds=holds), show=shown)


def _difference(cells: Cells) -> Phrase:
    return effect(cells, "difference", "points")


def _ratio(cells: Cells) -> Phrase:
    return estimate(cells, "odds_ratio", "ratio")


def _p(cells: Cells) -> Phrase:
    # Where levels are no separate groups, the ARD says so of the ratio alone.
    return say("{p_value:p_value}" if "p_value" in cells else "{odds_ratio:ratio}", cells)


def _statistic(cells: Cells) -> Phrase:
    if cells["statistic"].stat is None:
        return say("{statistic:hundredths}", cells)
    return say("{statistic:hundredths} ({df:count})" if "df" in cells else "{statistic:hundredths}", cells)


def _tests(found: _Found, within: str) -> Table:
    """Tests across all levels, a body for each event."""
    chosen = [row for row in found.across if row.within == within]
    rows = (
        Group(
            label=f"CRS of {name}",
            rows=tuple((NAMES[row.by_level], (row, event)) for row in chosen),
        )
        for event, name in EVENTS.items()
    )
    also = f", within {NAMES[within].lower()}" if within else ""
    return table(titled("tests-across-levels", also=also), "Variable", rows, _test_columns(found, within))


def _test_columns(found: _Found, within: str) -> Iterator[Column[tuple[_Row, str]]]:
    association = "Cochran-Mantel-Haenszel" if within else "Chi-square"
    trend = "CMH correlation" if within else "Cochran-Armitage trend"
    for variable, label in {"crs_association": association, "crs_trend": trend}.items():
        for holds, said in {"statistic (df)": _statistic, "p": _p}.items():
            yield Column(
                heading=Heading(label=label, holds=holds),
                show=lambda row, variable=variable, said=said: found.show(variable, row[1], said, row[0]),
            )


def _within(found: _Found) -> Iterator[Table]:
    for within in dict.fromkeys(row.within for row in found.across if row.within):
        rows = [row for row in found.against if row.within == within]
        for event in SHOWN if rows else ():
            yield _stratified(found, rows, within, event)
        yield _tests(found, within)


def _stratified(found: _Found, rows: list[_Row], within: str, event: str) -> Table:
    show = partial(found.show, event=event)
    columns = (
        _column("Stratified difference", "% points (95 % CI)", show, "crs_difference", _difference),
        _column("Mantel-Haenszel odds ratio", "(95 % CI)", show, "crs_odds_ratio", _ratio),
        _column("Breslow-Day", "p", show, "crs_homogeneity", _p),
    )
    caption = titled("differences-within", within=NAMES[within].lower(), event=EVENTS[event])
    return table(caption, "Level", _grouped(rows), columns)


def comparison_notes(material: Material) -> tuple[str, ...]:
    """The estimators of the comparisons, without what each holds fixed, which the tables say.

    Args:
        material: Where the numbers stand.
    """
    found = _Found(material)
    if not found.is_answered():
        return ()
    methods = (cell.method.partition("; subjects by")[0] for cells in found.all.values() for cell in cells.values())
    return (*(f"{method}." for method in dict.fromkeys(methods)), NOT_ADJUSTED, *_stepped(found))


def _stepped(found: _Found) -> tuple[str, ...]:
    reasons = (cells["difference"].warning for place, cells in found.all.items() if place.variable == "crs_difference")
    told = dict.fromkeys(reason for reason in reasons if reason and "step-up" in reason)
    return tuple(f"Dose levels are not compared: {reason}." for reason in told)
