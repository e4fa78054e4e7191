"""SAS datasets for a test: uncompressed, from any machine, with fewer rows than they claim if asked.

Source: Shotwell M, "SAS7BDAT Database Binary Format", 2013.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

HEADER, PAGE = 1024, 4096
UTF_8, WINDOWS_1252 = 20, 62
_MAGIC = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_DESCRIPTION, _ROWS = 0x0000, 0x0100
_SIZE, _COLUMNS = 0xF7F7F7F7, 0xF6F6F6F6
_TEXT, _NAMES, _ATTRIBUTES, _FORMAT = -3, -1, -4, -0x402
_MISSING = ("._", ".", *(f".{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


@dataclass(frozen=True, kw_only=True)
class Column:
    """A variable and its values: numbers, or text as bytes in the file's encoding."""

    name: str
    values: Sequence[float] | Sequence[bytes]
    label: str = ""
    format: str = ""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What SAS ran on: its byte order ("<" or ">") and the bytes of its words (4 or 8)."""

    order: str
    word: int

    def pack(self, pattern: str, *values: float) -> bytes:
        """The values as ``struct`` packs them; W is a word, S one with a sign, V one left blank, T four bytes filled up to one."""
        small, large = {"W": "I", "S": "i", "V": "4x", "T": "I"}, {"W": "Q", "S": "q", "V": "8x", "T": "I4x"}
        words = str.maketrans(small if self.word == 4 else large)
        return struct.pack(self.order + pattern.translate(words), *values)


MACHINES = tuple(Machine(order=order, word=word) for order in "<>" for word in (8, 4))


def missing(code: str) -> float:
    """The missing value ``.``, ``._`` or ``.A`` to ``.Z``: a NaN with the code in its third byte."""
    return struct.unpack(">d", bytes([0xFF, 0xFF, 0xFF - _MISSING.index(code)]) + bytes(5))[0]


def sas7bdat(
    *columns: Column,
    name: str,
    encoding: int = WINDOWS_1252,
    promised: int | None = None,
    machine: Machine = MACHINES[0],
) -> bytes:
    """The bytes of a dataset: a header, a page that describes the columns, pages of rows.

    Args:
        columns: One or more, each with as many values as the others, 1 or more.
        name: What the file calls its dataset.
        encoding: ``UTF_8`` or ``WINDOWS_1252``, the numbers that SAS has for them.
        promised: The rows that the file claims to hold, if not those it holds.
        machine: Where SAS ran, one of ``MACHINES``.
    """
    cells = [_cells(machine, column.values) for column in columns]
    rows = [b"".join(row) for row in zip(*cells, strict=True)]
    subheaders = [
        *_sizes(machine, len(rows) if promised is None else promised, len(rows[0]), len(columns)),
        *_columns(machine, columns, [len(column[0]) for column in cells]),
    ]
    pages = [_description(machine, subheaders), *_pages(machine, rows)]
    return b"".join([_header(machine, name, encoding, len(pages)), *pages])


def _cells(machine: Machine, values: Sequence[float] | Sequence[bytes]) -> list[bytes]:
    cells = [value if isinstance(value, bytes) else machine.pack("d", value) for value in values]
    width = max(map(len, cells))
    return [cell.ljust(width) for cell in cells]


def _header(machine: Machine, name: str, encoding: int, pages: int) -> bytes:
    word, padding = (0x33, 0x33) if machine.word == 8 else (0x22, 0x32)
    system = bytes([word, 0x22, 0, padding, 0x22, machine.order == "<", 2, 0x32])
    encoded = (_MAGIC + system).ljust(70, b"\0") + bytes([encoding])
    called = encoded.ljust(84, b"\0") + b"SAS FILE" + name.encode().ljust(64) + b"DATA    "
    sizes = machine.pack("2IW8x", HEADER, PAGE, pages) + b"9.0401M7"
    return (called.ljust(192 + machine.word, b"\0") + sizes).ljust(HEADER, b"\0")


def _page_header(machine: Machine, kind: int, rows: int, subheaders: int) -> bytes:
    return machine.pack("VVVV3H2x", kind, rows + subheaders, subheaders)


def _pages(machine: Machine, rows: list[bytes]) -> Iterator[bytes]:
    fit = (PAGE - len(_page_header(machine, _ROWS, 0, 0))) // len(rows[0])
    for start in range(0, len(rows), fit):
        some = rows[start : start + fit]
        yield (_page_header(machine, _ROWS, len(some), 0) + b"".join(some)).ljust(PAGE, b"\0")


def _description(machine: Machine, subheaders: list[bytes]) -> bytes:
    """A page with the subheaders at its end, the first one last, and pointers to them at its start."""
    ends = accumulate(map(len, subheaders))
    pointers = [machine.pack("2WV", PAGE - end, len(each)) for end, each in zip(ends, subheaders, strict=True)]
    top = _page_header(machine, _DESCRIPTION, 0, len(subheaders)) + b"".join(pointers)
    bottom = b"".join(reversed(subheaders))
    return top + bytes(PAGE - len(top) - len(bottom)) + bottom


def _sizes(machine: Machine, rows: int, width: int, columns: int) -> Iterator[bytes]:
    yield machine.pack("TVVVVWWVVWVVVW", _SIZE, width, rows, columns, PAGE).ljust(101 * machine.word, b"\0")
    yield machine.pack("TWV", _COLUMNS, columns)


def _columns(machine: Machine, columns: Sequence[Column], widths: list[int]) -> Iterator[bytes]:
    formats = [re.fullmatch(r"(.*?)(\d*)\.?", column.format).groups() for column in columns]
    words = [[column.name for column in columns], [name for name, _ in formats], [column.label for column in columns]]
    text, (names, shown, labels) = _texts(words)
    end = bytes(machine.word + 4)
    yield _sized(machine, _TEXT, text)
    yield _sized(machine, _NAMES, b"".join(machine.pack("3H2x", *place) for place in names) + end)
    yield _sized(machine, _ATTRIBUTES, b"".join(_attributes(machine, columns, widths)) + end)
    for (_, width), name, label in zip(formats, shown, labels, strict=True):
        yield machine.pack("SVVH20x3H3H6x", _FORMAT, int(width or 0), *name, *label)


def _attributes(machine: Machine, columns: Sequence[Column], widths: list[int]) -> Iterator[bytes]:
    for column, width, start in zip(columns, widths, accumulate(widths, initial=0), strict=False):
        yield machine.pack("WIHBx", start, width, 4, 2 if isinstance(column.values[0], bytes) else 1)


def _texts(words: list[list[str]]) -> tuple[bytes, list[list[tuple[int, int, int]]]]:
    """The words as one text, and for each the text's number, where it begins after the signature, its length."""
    text = "".join(map("".join, words)).encode()
    starts = accumulate((len(word.encode()) for some in words for word in some), initial=8)
    return text, [[(0, next(starts), len(word.encode())) for word in some] for some in words]


def _sized(machine: Machine, signature: int, content: bytes) -> bytes:
    # The length leaves out the signature twice and four bytes more, however large the words.
    return machine.pack("SH6x", signature, len(content) + 4 - machine.word) + content
