"""The bytes of a file in blocks, unpacked on the way where it is compressed."""

import zlib
from collections.abc import Iterator
from pathlib import Path

from pipelines.formats.dataset import FormatError, Notes
from pipelines.formats.sniff import BOM
from pipelines.formats.text import decode

_BLOCK_BYTES = 65_536
_GZIP_OR_ZLIB = 47
_NOT_ASCII = bytes(range(0x80, 0x100))
_WINDOWS_NOTE = "text that is not UTF-8 read as Windows-1252"


def blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, without a byte-order mark."""
    with path.open("rb") as file:
        yield file.read(_BLOCK_BYTES).removeprefix(BOM)
        while block := file.read(_BLOCK_BYTES):
            yield block


def unpacked(path: Path) -> Iterator[bytes]:
    """The bytes of a gzip or zlib file, unpacked.

    Raises:
        FormatError: If the stream is cut short or damaged.
    """
    stream, done = zlib.decompressobj(_GZIP_OR_ZLIB), 0
    for block in blocks(path):
        try:
            yield stream.decompress(block)
        except zlib.error as error:
            problem = "the compressed stream is damaged; ask for the file again."
            raise FormatError(path, f"after byte {done}", problem) from error
        done += len(block) - len(stream.unused_data)
        if stream.eof:
            break
    if not stream.eof or done < path.stat().st_size:
        problem = "the compressed stream is cut short, or more follows it; ask for the file again."
        raise FormatError(path, f"byte {done}", problem)


def lines(stream: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of a stream, without their ends; a last line without an end counts."""
    rest = b""
    for block in stream:
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
    if rest:
        yield rest


def texts(stream: Iterator[bytes], notes: Notes) -> Iterator[str]:
    """The text of a stream in pieces; a note is left where it is not UTF-8."""
    rest = b""
    for block in stream:
        # A block may end inside a character: what comes after the last ASCII byte waits for the next.
        end = len(block.rstrip(_NOT_ASCII))
        yield decode_noted(rest + block[:end], notes) if end else ""
        rest = block[end:] if end else rest + block
    yield decode_noted(rest, notes)


def decode_noted(raw: bytes, notes: Notes) -> str:
    """The text of these bytes; a note is left, once, if they are not UTF-8."""
    text, windows = decode(raw)
    if windows and _WINDOWS_NOTE not in notes.said:
        notes.said.append(_WINDOWS_NOTE)
    return text
