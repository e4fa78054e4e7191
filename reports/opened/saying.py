"""How the open report says numbers, some of which are hidden, and the footnotes it has throughout."""

from reports import notes
from reports.material import Material
from reports.phrases import Phrase, say, span, subjects
from reports.results import Cells, Results
from reports.tables import Column, Group, Table, of_results, table

HIDDEN = "hidden"


def is_hidden(cells: Cells) -> bool:
    """Whether the numbers of this place are not told."""
    return any(cell.stat_text == HIDDEN for cell in cells.values())


def share(cells: Cells) -> Phrase:
    """``n (%)``, or the word hidden once."""
    return say("{n:count}", cells) if is_hidden(cells) else subjects(cells)


def limits(cells: Cells) -> Phrase:
    """The confidence interval, or the word hidden once."""
    return say("{ci_low:percent}", cells) if is_hidden(cells) else span(cells, "percent")


def shares(results: Results, caption: str, stub: str, places: dict[str, Cells], with_limits: bool = False) -> Table:
    """A table of one row a place: subjects, and their share.

    Args:
        results: Where the numbers stand.
        caption: Its caption.
        stub: Heading of the first column.
        places: The numbers by the name of their row.
        with_limits: Whether the confidence interval is printed too.
    """
    columns: list[Column[str]] = [of_results("n (%)", places.__getitem__, share)]
    if with_limits:
        columns.append(of_results("95 % CI", places.__getitem__, limits, "%"))
    return table(caption, stub, (Group(rows=tuple((name, name) for name in places)),), columns)


def footnotes(results: Results, material: Material, denominator: str) -> tuple[str, ...]:
    """Population, denominator, grades, and what hidden means."""
    least = material.tables["open"]["minimum_cell"].item()
    hides = f"hidden: fewer than {least} subjects, or a count from which such a count could be had by subtraction."
    return (
        notes.population(results),
        denominator,
        notes.grades(results),
        *((hides,) if least > 1 else ()),
        notes.NOT_ESTIMABLE,
    )
