"""How wide text is, and where its lines end."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "fonts"
TIED = "\N{NO-BREAK SPACE}"
# Characters of other scripts are drawn with other fonts: wide ones fill a square, of the rest none is wider than this.
_FOREIGN = 0.75


@dataclass(frozen=True, kw_only=True)
class Face:
    """A typeface: its name for word processors, and the free one of the same widths that is embedded in PDF."""

    name: str
    free: str
    family: str
    file: str


FACES = {
    "courier": Face(name="Courier New", free="Liberation Mono", family="fmodern", file="LiberationMono-Regular.ttf"),
    "times": Face(name="Times New Roman", free="Liberation Serif", family="froman", file="LiberationSerif-Regular.ttf"),
}


class Ruler:
    """Widths in a typeface, in ems."""

    def __init__(self, face: Face) -> None:
        """Read the widths.

        Args:
            face: What the text is set in.
        """
        with TTFont(FONTS / face.file, lazy=True) as font:
            widths, head = font["hmtx"], cast(Any, font["head"])
            named = font.getBestCmap() or {}
            self._own = {chr(code): widths[name][0] / head.unitsPerEm for code, name in named.items()}
        self._widths = _Widths(self._own)

    def width(self, text: str) -> float:
        """The width of one line.

        >>> Ruler(FACES["times"]).width("1.5")
        1.25
        """
        widths = self._widths
        return sum([widths[character] for character in text])

    def draws(self, text: str) -> bool:
        """Whether the typeface has every character of the text."""
        return set(text) <= self._own.keys()

    def wrapped(self, text: str, width: float) -> tuple[str, ...]:
        """The text as lines no wider than this, broken at spaces, within a word only where a word is wider.

        Args:
            text: Its own line breaks are kept.
            width: In ems, wider than any character.
        """
        if "\n" not in text and self.width(text) <= width:
            return (text,)
        return tuple(line for part in text.split("\n") for line in self._lines(part, width))

    def _lines(self, text: str, width: float) -> list[str]:
        lines, line, used, space = [], "", 0.0, self.width(" ")
        for word in (piece for whole in text.split(" ") for piece in self._pieces(whole, width)):
            size = self.width(word)
            if line and used + space + size > width:
                lines.append(line)
                line, used = word, size
            else:
                line, used = (f"{line} {word}", used + space + size) if line else (word, size)
        return [*lines, line]

    def _pieces(self, word: str, width: float) -> list[str]:
        if self.width(word) <= width:
            return [word]
        pieces, piece, used = [], "", 0.0
        for character in word:
            size = self._widths[character]
            if used + size > width:
                pieces.append(piece)
                piece, used = "", 0.0
            piece, used = piece + character, used + size
        return [*pieces, piece]


class _Widths(defaultdict[str, float]):
    def __init__(self, own: dict[str, float]) -> None:
        super().__init__(None, own)

    def __missing__(self, character: str) -> float:
        if unicodedata.combining(character):
            width = 0.0
        else:
            width = 1.0 if unicodedata.east_asian_width(character) in "WF" else _FOREIGN
        self[character] = width
        return width


@cache
def ruler(face: Face) -> Ruler:
    """The widths of a typeface, read once."""
    return Ruler(face)


def visible(text: str) -> str:
    r"""The text with control characters written as codes, for no format of a page can hold them.

    >>> print(visible("a\x00b\tc\r\nd"))
    a\x00b c
    d
    """
    return text if text.isprintable() else "".join(map(_visible, text.replace("\r\n", "\n").replace("\t", " ")))


def _visible(character: str) -> str:
    kind, code = unicodedata.category(character), ord(character)
    if character == "\n" or kind in ("Zl", "Zp"):
        return "\n"
    if kind == "Cc":
        return f"\\x{code:02x}"
    # Not characters, though Unicode has numbers for them.
    return f"\\u{code:04x}" if code & 0xFFFE == 0xFFFE else character
