"""Which counts to hide so that no small one is told, nor can be had by subtraction.

A count is small when it is 1 or more and below the minimum. Where parts add up to a whole that is told, the hidden
parts together are as good as told: they must be two or more, and together not small. Source: complementary cell
suppression as in Hundepool et al., Statistical Disclosure Control (2012), chapter 4; the smallest further count is
taken, as there.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet


def is_small(count: int, minimum: int) -> bool:
    """Whether a count of subjects is too small to be told."""
    return 0 < count < minimum


def hidden_parts(parts: Mapping[str, int], minimum: int, also: AbstractSet[str] = frozenset()) -> frozenset[str]:
    """The parts to hide of a whole whose total is known and not small.

    Args:
        parts: Subjects of each part.
        minimum: The least count that may be told; 1 or less hides none.
        also: Parts to hide in any case.
    """
    hidden = {part for part, count in parts.items() if is_small(count, minimum)} | (also & parts.keys())
    # The smallest count after those hidden already; a zero only when there is nothing else.
    further = sorted(parts.keys() - hidden, key=lambda part: (parts[part] == 0, parts[part], part))
    for part in further:
        if not hidden or (len(hidden) > 1 and sum(parts[one] for one in hidden) >= minimum):
            break
        hidden.add(part)
    return frozenset(hidden)


def hidden_of_whole(
    parts: Mapping[str, int], sums: Sequence[tuple[str, AbstractSet[str]]], minimum: int, also: AbstractSet[str]
) -> frozenset[str]:
    """The parts and the sums of parts to hide, of a whole whose total is known and not small.

    Args:
        parts: Subjects of each part.
        sums: Names of sums and the parts they are of, those to be told first before others.
        minimum: The least count that may be told.
        also: Parts to hide in any case.
    """
    blocks: list[frozenset[str]] = [frozenset(parts)]
    hidden: set[str] = set()
    for name, of in sums:
        pieces = [piece for block in blocks for piece in (block & of, block - of) if piece]
        if all(_may_be_told(piece, parts, minimum, also) for piece in pieces):
            blocks = pieces
        else:
            hidden.add(name)
    return frozenset(hidden).union(*(_hidden_in(block, parts, minimum, also) for block in blocks))


def _may_be_told(piece: AbstractSet[str], parts: Mapping[str, int], minimum: int, also: AbstractSet[str]) -> bool:
    """Whether the total of the piece may be told: it is not small, and not that of one part to be hidden."""
    return not is_small(sum(parts[part] for part in piece), minimum) and not (len(piece) == 1 and piece & also)


def _hidden_in(
    block: AbstractSet[str], parts: Mapping[str, int], minimum: int, also: AbstractSet[str]
) -> Iterable[str]:
    return hidden_parts({part: parts[part] for part in block}, minimum, also)
