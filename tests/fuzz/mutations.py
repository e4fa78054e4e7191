"""Valid bytes to damaged ones, always the same for the same source of chance."""

import gzip
import json
import re
import zlib
from collections.abc import Callable
from random import Random

Change = Callable[[Random, bytes], bytes]

HUGE = (b"99999999999999999999", b"-1", b"1e999", b"0", b"2147483648", b"18446744073709551616", b"NaN", b"Infinity")
ODD = (
    b"\0",
    b"\xff",
    b'"',
    b"'",
    b",",
    b"\n",
    b"\r",
    b"\r\n",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"{",
    b"[",
    b"\\u0000",
)
_VALUES = (
    None,
    True,
    -1,
    0,
    2**53,
    2**63,
    10**400,
    1.5e308,
    "",
    "x" * 5000,
    "\ud800",
    [],
    {},
    [[]],
    {"name": 1},
    "nan",
)
_BOUNDARY = (0, 1, 0x7F, 0x80, 0xFF)


def damaged(chance: Random, files: tuple[bytes, ...], extension: str) -> bytes:
    """One of the files, changed in one to four ways that suit its format.

    Args:
        chance: Decides everything.
        files: The valid files of the format.
        extension: The format's.
    """
    raw = chance.choice(files)
    pack, unpack = _PACKED.get(extension, (None, None))
    inside = pack is not None and unpack is not None and chance.random() < 0.7
    kind = {".dsjc": ".ndjson", ".csv.gz": ".csv"}.get(extension, extension) if inside else extension
    made = unpack(raw) if inside and unpack else raw
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        change = chance.choice([*_ANY, lambda chance, raw: _splice(chance, raw, files), *_BY_KIND.get(kind, ())])
        made = change(chance, made)
    return pack(made) if inside and pack else made


def _flip(chance: Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 8) if raw else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _insert(chance: Random, raw: bytes) -> bytes:
    at = chance.randint(0, len(raw))
    some = chance.choice((*ODD, *HUGE, chance.randbytes(chance.randint(1, 40))))
    return raw[:at] + some * chance.choice((1, 1, 1, 500)) + raw[at:]


def _delete(chance: Random, raw: bytes) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + raw[at + chance.randint(1, 100) :]


def _overwrite(chance: Random, raw: bytes) -> bytes:
    at, size = chance.randint(0, len(raw)), chance.choice((1, 2, 4, 8))
    byte = chance.choice(_BOUNDARY)
    return raw[:at] + bytes([byte]) * size + raw[at + size :]


def _truncate(chance: Random, raw: bytes) -> bytes:
    return raw[: chance.randint(0, len(raw))]


def _repeat(chance: Random, raw: bytes) -> bytes:
    start = chance.randint(0, len(raw))
    part = raw[start : start + chance.randint(1, 400)]
    return raw[:start] + part * chance.choice((2, 3, 50)) + raw[start:]


def _splice(chance: Random, raw: bytes, files: tuple[bytes, ...]) -> bytes:
    other = chance.choice(files)
    return raw[: chance.randint(0, len(raw))] + other[chance.randint(0, len(other)) :]


def _number(chance: Random, raw: bytes) -> bytes:
    found = list(re.finditer(rb"-?\d+(\.\d+)?", raw))
    if not found:
        return raw
    one = chance.choice(found)
    return raw[: one.start()] + chance.choice(HUGE) + raw[one.end() :]


def _deepen(chance: Random, raw: bytes) -> bytes:
    depth, at = chance.choice((50, 5000, 200_000)), chance.randint(0, len(raw))
    opened, closed = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return raw[:at] + opened * depth + closed * chance.choice((0, depth)) + raw[at:]


def _encode(chance: Random, raw: bytes) -> bytes:
    return raw.decode("utf-8", "replace").encode(
        chance.choice(("utf-16", "utf-32", "utf-7", "utf-8-sig", "cp1252")), "replace"
    )


def _lines(chance: Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    at = chance.randrange(len(lines))
    turned = chance.choice(([], [lines[at]] * 2, [lines[at] + b"," + lines[at]], [b""], [lines[at] + b"\r"]))
    return b"\n".join([*lines[:at], *turned, *lines[at + 1 :]])


def _node(chance: Random, raw: bytes) -> bytes:
    """The JSON with one value, or the name of one key, replaced by an odd one."""
    first, end, rest = raw.partition(b"\n") if chance.random() < 0.7 else (raw, b"", b"")
    try:
        document = json.loads(first)
    except (ValueError, RecursionError):
        return raw
    places = list(_places(document))
    if places:
        holder, key = chance.choice(places)
        value = chance.choice(_VALUES)
        if isinstance(holder, dict) and chance.random() < 0.3:
            holder[str(value)] = holder.pop(key)
        else:
            holder[key] = value
    return json.dumps(document).encode() + end + rest


def _places(value):
    if isinstance(value, list | dict):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from _places(inner)


def _header(chance: Random, raw: bytes) -> bytes:
    """One byte or word of the first kilobytes, where most formats keep counts, changed."""
    at, size = chance.randrange(1, 2000), chance.choice((1, 2, 4))
    return raw[:at] + chance.choice((bytes(size), b"\xff" * size, chance.randbytes(size))) + raw[at + size :]


def _footer(chance: Random, raw: bytes) -> bytes:
    """A byte of the last kilobyte, where Parquet keeps what it says of itself, changed."""
    at = len(raw) - chance.randrange(1, 1200)
    return (
        raw[:at] + chance.choice((chance.randbytes(1), bytes([chance.choice(_BOUNDARY)]))) + raw[at + 1 :]
        if at > 0
        else raw
    )


def _body(chance: Random, raw: bytes) -> bytes:
    """A byte of the first half, where Parquet keeps its rows, changed."""
    at = chance.randrange(max(1, len(raw) // 2))
    return raw[:at] + chance.choice((chance.randbytes(1), bytes([chance.choice(_BOUNDARY)]))) + raw[at + 1 :]


def _pages(chance: Random, raw: bytes) -> bytes:
    """A byte of the page that describes a SAS dataset, or of its page's header, changed."""
    page, size = 1024, 4096
    part = chance.choice(((page, 200), (page + size - 1500, 1500), (page + size, 40)))
    at = part[0] + chance.randrange(part[1])
    return raw[:at] + chance.choice((chance.randbytes(1), bytes([chance.choice(_BOUNDARY)]))) + raw[at + 1 :]


def _unpacked(raw: bytes) -> bytes:
    return zlib.decompressobj(47).decompress(raw)


_ANY: tuple[Change, ...] = (_flip, _insert, _delete, _overwrite, _truncate, _repeat)
_TEXT: tuple[Change, ...] = (_number, _deepen, _encode, _lines)
_BY_KIND: dict[str, tuple[Change, ...]] = {
    ".csv": _TEXT,
    ".json": (*_TEXT, _node, _node, _node),
    ".ndjson": (*_TEXT, _node, _node, _node),
    ".xpt": (_header, _header, _number),
    # What changes the length is refused at once, so that most changes keep it.
    ".sas7bdat": (_header, *(_pages, _flip, _overwrite) * 4),
    ".parquet": (_footer, _footer, *(_body,) * 6),
}
_PACKED: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    ".dsjc": (zlib.compress, _unpacked),
    ".csv.gz": (lambda raw: gzip.compress(raw, mtime=0), _unpacked),
}
