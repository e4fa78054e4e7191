"""One long JSON document, read value by value."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.formats.dataset import FormatError

_BLANKS = re.compile(r"[ \t\n\r]*")
# A value that only lacks its end fails at the end of what was read, or at the start of its last string.
_LAST_CHARACTERS = 16


# More digits than this are no number of a trial, and Python takes ever longer over them.
_MOST_DIGITS = 400


def _refuse_constant(word: str) -> None:
    raise json.JSONDecodeError(f"{word} is not JSON", word, 0)


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise json.JSONDecodeError(f"a number of {len(digits)} digits", digits, 0)
    return int(digits)


class _Decoder(json.JSONDecoder):
    """JSON as Python has it; what is nested too deeply is refused as what is no JSON is."""

    def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
        """The value that begins at ``idx``, and where it ends."""
        try:
            return super().raw_decode(s, idx)
        except RecursionError as error:
            raise json.JSONDecodeError("nested too deeply", s, idx) from error


DECODER = _Decoder(parse_constant=_refuse_constant, parse_int=_integer)


class JsonStream:
    """A cursor over a JSON document that holds little more than the value it is at.

    Args:
        path: For errors.
        pieces: The document's text in order.
    """

    def __init__(self, path: Path, pieces: Iterator[str]) -> None:
        """Start before the first character."""
        self._path, self._pieces = path, pieces
        self._text, self._at, self._gone = "", 0, 0

    def peek(self) -> str:
        """The next character that is not blank, still to be taken; "" at the end."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def take(self, allowed: str) -> str:
        """The next character that is not blank, which must be one of those allowed."""
        found = self.peek()
        if not found or found not in allowed:
            raise self.error(f"expected {' or '.join(allowed)}, found {found or 'the end of the file'}")
        self._at += 1
        return found

    def value(self) -> Any:
        """The next value, whole, as Python has it.

        Raises:
            FormatError: If there is none, naming the character.
        """
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._may_go_on(error) or not self._more():
                    raise self.error(f"no JSON value here ({error.msg})") from error
                continue
            # A number at the very end of what was read may go on in the next piece.
            if end < len(self._text) or not self._more():
                self._at = end
                return value

    def items(self) -> Iterator[str]:
        """The keys of the object that begins here; the caller takes each value before the next key."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                raise self.error(f"expected a key in quotes, found {self.peek() or 'the end of the file'}")
            key = self.value()
            self.take(":")
            yield key
            if self.take(",}") == "}":
                return

    def elements(self) -> Iterator[Any]:
        """The elements of the list that begins here, one at a time."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            yield self.value()
            if self.take(",]") == "]":
                return

    def error(self, problem: str) -> FormatError:
        """A refusal at the current character."""
        place = f"character {self._gone + self._at + 1}"
        return FormatError(self._path, place, f"{problem}; the file is cut short or no JSON, ask for it again.")

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _LAST_CHARACTERS

    def _more(self) -> bool:
        # At least as much again, so that a long value is not tried once for every piece.
        wanted, pieces, size = max(1, len(self._text) - self._at), [], 0
        for piece in self._pieces:
            pieces.append(piece)
            size += len(piece)
            if size >= wanted:
                break
        self._gone += self._at
        self._text, self._at = self._text[self._at :] + "".join(pieces), 0
        return size > 0
