"""Numbers one under another, point under point."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from reports.paper.letters import TIED, Ruler

# What stands in a number's place stands where its units would.
_NUMBER = re.compile(r"([<>]?-?\d[\d,]*(?:\.\d+)?|\bN[ER]\b)")
# The first number of a line that begins with one stands under those of all such lines, whatever follows.
_FIRST = ("", 0)
# The second number of a range stands where the first one ends.
_JOINED = "–"
_Place = tuple[str, int]


def aligned(cells: Sequence[str], ruler: Ruler) -> list[str]:
    """The cells of a column with spaces put in, so that their points stand one under another.

    Args:
        cells: Texts of one to a few lines each, such as ``3 (2.5)`` or ``NE``; ``NE`` stands where units do.
        ruler: The typeface.
    """
    lines = [cell.split("\n") for cell in cells]
    deepest = max(map(len, lines), default=0)
    blocks = [_block([cell[i] for cell in lines if len(cell) > i], ruler) for i in range(deepest)]
    widest = max((_widest(block, ruler) for block in blocks), default=0.0)
    shifted = [_shifted(block, widest, ruler) for block in blocks]
    return ["\n".join(next(shifted[i]) for i in range(len(cell))) for cell in lines]


def _widest(lines: Iterable[str], ruler: Ruler) -> float:
    return max((ruler.width(line) for line in lines), default=0.0)


def _shifted(block: list[str], widest: float, ruler: Ruler) -> Iterator[str]:
    """The lines in the middle of the column."""
    space = _space((widest - _widest(block, ruler)) / 2, ruler)
    return (space + line for line in block)


def _block(lines: list[str], ruler: Ruler) -> list[str]:
    split = [_NUMBER.split(line) for line in lines]
    wholes: dict[_Place, float] = defaultdict(float)
    rests: dict[_Place, float] = defaultdict(float)
    for parts in split:
        for place, number in _numbers(parts):
            whole, rest = _sizes(number, ruler)
            wholes[place], rests[place] = max(wholes[place], whole), max(rests[place], rest)
    return [_padded(parts, wholes, rests, ruler) for parts in split]


def _numbers(parts: list[str]) -> Iterator[tuple[_Place, str]]:
    """The numbers of a line with their places; a line without any, such as ``NE``, counts as one."""
    if len(parts) == 1:
        yield _FIRST, parts[0]
    shape = "#".join(parts[::2])
    for i in range(1, len(parts), 2):
        yield _FIRST if i == 1 and not parts[0] else (shape, i), parts[i]


def _sizes(number: str, ruler: Ruler) -> tuple[float, float]:
    """Widths of what stands before the point, and of the rest."""
    whole, point, decimals = number.partition(".")
    return ruler.width(whole), ruler.width(point + decimals)


def _padded(parts: list[str], wholes: dict[_Place, float], rests: dict[_Place, float], ruler: Ruler) -> str:
    said = "" if len(parts) == 1 else parts[0]
    for i, (place, number) in enumerate(_numbers(parts)):
        if said.endswith(_JOINED):
            said += number + parts[2 * i + 2]
            continue
        whole, rest = _sizes(number, ruler)
        after = parts[2 * i + 2] if len(parts) > 1 else ""
        # Within the first number's column, decimals of other lines must not push away what follows whole numbers.
        behind = _space(rests[place] - rest, ruler) if after and place != _FIRST else ""
        said += _space(wholes[place] - whole, ruler) + number + behind + after
    return said


def _space(width: float, ruler: Ruler) -> str:
    # Figures are as wide as some whole number of such spaces, in Courier one and in Times two.
    return TIED * round(width / ruler.width(TIED))
