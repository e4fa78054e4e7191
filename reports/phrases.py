"""Text with numbers in it, each number knowing which result it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from reports.results import Cell, Cells
from reports.words import NO_SUBJECTS, written


@dataclass(frozen=True, kw_only=True)
class Number:
    """A printed result: the text, the ARD row it stands for, and the style it is written in."""

    cell_id: str
    style: str
    text: str
    why: str | None


Phrase = tuple[str | Number, ...]


def say(pattern: str, cells: Mapping[str, Cell]) -> Phrase:
    """The pattern with results put in.

    Args:
        pattern: Text with fields ``{name:style}``: a name in ``cells``, a style of ``words.STYLES``.
        cells: The results.
    """
    parts: list[str | Number] = []
    for text, name, style, _ in Formatter().parse(pattern):
        parts += [text] if text else []
        if name is not None:
            parts.append(number(cells[name], style or ""))
    return tuple(parts)


def number(cell: Cell, style: str) -> Number:
    """The result as it is printed."""
    text = written(cell.stat, cell.stat_text, style)
    return Number(cell_id=cell.cell_id, style=style, text=text, why=cell.warning)


# The style of a number that is not printed itself, but why there is none.
REASON = "reason"


def reason(cell: Cell) -> Phrase:
    """Why the result is not estimable, or what is to be known of it; nothing where nothing is."""
    if not cell.warning:
        return ()
    return (Number(cell_id=cell.cell_id, style=REASON, text=cell.warning, why=None),)


def plain(phrase: Phrase) -> str:
    """The phrase as text alone."""
    return "".join(part if isinstance(part, str) else part.text for part in phrase)


def joined(phrases: Sequence[Phrase], between: str) -> Phrase:
    """The phrases as one, with the same text between each two."""
    first, *others = phrases
    return (*first, *(part for phrase in others for part in (between, *phrase)))


def subjects(cells: Cells, sign: str = "") -> Phrase:
    """``n (%)``; a bare 0 where none, a dash where there is nobody to count.

    Args:
        cells: ``n``, ``N`` and ``p``.
        sign: What follows the percentage, where no heading says that it is one.
    """
    if cells["N"].stat == 0:
        return (NO_SUBJECTS,)
    return say("{n:count}" if cells["n"].stat == 0 else f"{{n:count}} ({{p:percent}}{sign})", cells)


def span(cells: Cells, style: str, low: str = "ci_low", high: str = "ci_high") -> Phrase:
    """``low–high``; once NE or NR where neither is a number."""
    if cells[low].stat is None and cells[high].stat is None:
        return say(f"{{{low}:{style}}}", cells)
    return say(f"{{{low}:{style}}}–{{{high}:{style}}}", cells)


def estimate(cells: Cells, name: str, style: str) -> Phrase:
    """``estimate`` with ``(low–high)`` under it; NE or NR alone where there is no estimate nor limit."""
    alone = say(f"{{{name}:{style}}}", cells)
    if all(cells[part].stat is None for part in (name, "ci_low", "ci_high")):
        return alone
    return (*alone, "\n(", *span(cells, style), ")")


def interval(cells: Cells, style: str) -> Phrase:
    """``low to high``, for limits that may be negative; NE alone where there is neither."""
    if cells["ci_low"].stat is None and cells["ci_high"].stat is None:
        return say(f"{{ci_low:{style}}}", cells)
    return say(f"{{ci_low:{style}}} to {{ci_high:{style}}}", cells)


def effect(cells: Cells, name: str, style: str) -> Phrase:
    """An effect that may be negative, with ``(low to high)`` under it; NE alone where there is none."""
    alone = say(f"{{{name}:{style}}}", cells)
    if all(cells[part].stat is None for part in (name, "ci_low", "ci_high")):
        return alone
    return (*alone, "\n(", *interval(cells, style), ")")


def share_and_limits(cells: Cells) -> Phrase:
    """``n of N (p %), 95 % CI low–high %``, for where no heading says what the numbers are; a dash where nobody is.

    Args:
        cells: ``n``, ``N``, ``p``, ``ci_low`` and ``ci_high``.
    """
    if cells["N"].stat == 0:
        return (NO_SUBJECTS,)
    return (*say("{n:count} of {N:count} ({p:percent} %), 95 % CI ", cells), *span(cells, "percent"), " %")
