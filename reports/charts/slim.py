"""A drawing with nothing in it that nobody sees, for a page carries many of them."""

import re

_TAG = re.compile(r"<[a-z][^>]*>")
# The page says what a drawing is; roles inside it would be read twice.
_IDLE = re.compile(r' (?:role|aria-roledescription|aria-hidden|font-family)="[^"]*"| opacity="1"')
_UNSEEN = re.compile(r'<path class="(?:background|foreground)"[^>]*/>')
_PLACES = re.compile(r'(?<= )(d|transform|x2|y2)="([^"]*)"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_STRAIGHT = re.compile(r"[ML]-?[\d.]+,-?[\d.]+")
_LINES = re.compile(r"(?:[ML]-?[\d.]+,-?[\d.]+|Z)+")


def slim(drawn: str) -> str:
    """The drawing to a tenth of a pixel, without roles, unseen paths and points in the middle of a straight line.

    Args:
        drawn: An SVG element whose view has neither ground nor frame.
    """
    return _TAG.sub(lambda tag: _PLACES.sub(_placed, _IDLE.sub("", tag[0])), _UNSEEN.sub("", drawn))


def _placed(found: re.Match) -> str:
    rounded = _NUMBER.sub(lambda number: f"{round(float(number[0]), 1) + 0:g}", found[2])
    return f'{found[1]}="{_thin(rounded)}"'


def _thin(path: str) -> str:
    """The path without points that lie between their neighbours on a level or upright line."""
    if not _LINES.fullmatch(path):
        return path
    kept: list[str] = []
    for step in re.findall(r"[ML]-?[\d.]+,-?[\d.]+|Z", path):
        while len(kept) > 1 and _is_between(kept[-2], kept[-1], step):
            kept.pop()
        kept.append(step)
    return "".join(kept)


def _is_between(before: str, point: str, after: str) -> bool:
    # A path may begin anew at a point, and that beginning must stay.
    if not (point.startswith("L") and after.startswith("L") and _STRAIGHT.fullmatch(before)):
        return False
    one, middle, other = ([float(place) for place in step[1:].split(",")] for step in (before, point, after))
    return any(
        one[level] == middle[level] == other[level]
        and min(one[along], other[along]) <= middle[along] <= max(one[along], other[along])
        for level, along in ((0, 1), (1, 0))
    )
