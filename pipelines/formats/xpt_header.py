"""What the headers of a SAS transport file say: versions 5 and 8.

Source: SAS Institute, TS-140 (version 5) and "Record Layout of a SAS Version 8 or 9 Data Set in SAS
Transport Format".
"""

import struct
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from pipelines.formats.dataset import FormatError
from pipelines.formats.text import decode

RECORD = 80
_NAMESTR = 140


@dataclass(frozen=True, kw_only=True)
class Field:
    """One variable: where it lies in each observation, in bytes, and its SAS format."""

    name: str
    label: str
    numeric: bool
    offset: int
    length: int
    format: str


@dataclass(frozen=True, kw_only=True)
class Header:
    """A transport file's description of its one dataset.

    Args:
        version: 5 or 8.
        member: The dataset's name.
        label: The dataset's label, or "".
        fields: The variables in order.
        start: Byte at which the observations begin.
        rows: How many observations there are; None where the file does not say (always in version 5).
    """

    version: int
    member: str
    label: str
    fields: tuple[Field, ...]
    start: int
    rows: int | None

    @property
    def width(self) -> int:
        """Bytes of one observation."""
        return sum(field.length for field in self.fields)


def read_header(path: Path) -> Header:
    """What the headers say.

    Raises:
        FormatError: If the headers are cut short or are not those of a transport file.
    """
    with path.open("rb") as file:
        reader = _Reader(path, file)
        try:
            return reader.header()
        except (ValueError, IndexError, struct.error) as error:
            problem = "a count or a position in the headers makes no sense; ask for the file again."
            raise FormatError(path, f"before byte {file.tell()}", problem) from error


class _Reader:
    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path, self.file = path, file

    def header(self) -> Header:
        version = 8 if self._expect("LIBRARY", "LIBV8")[20:25] == b"LIBV8" else 5
        self._take(2 * RECORD)
        size = int(self._expect("MEMBER", "MEMBV8")[74:78])
        self._expect("DSCRPTR", "DSCPTV8")
        descriptor, more = self._take(RECORD), self._take(RECORD)
        fields = self._fields(self._expect("NAMESTR", "NAMSTV8"), size, version)
        last = self._expect("OBS", "OBSV8", "LABELV8", "LABELV9")
        if last[20:25] == b"LABEL":
            fields = self._labelled(fields, last)
            last = self._expect("OBSV8")
        return Header(
            version=version,
            member=_name(descriptor[8 : 40 if version == 8 else 16]),
            label=_name(more[32:72]),
            fields=fields,
            start=self.file.tell(),
            rows=_count(last) if version == 8 else None,
        )

    def _fields(self, record: bytes, size: int, version: int) -> tuple[Field, ...]:
        count = int(record[48:58])
        if not count:
            raise FormatError(self.path, self._place(RECORD), "the header lists no variable; ask for the file again.")
        block = self._take(count * size)
        self._align()
        return _placed([_field(block[i * size :][:_NAMESTR], version) for i in range(count)])

    def _labelled(self, fields: tuple[Field, ...], record: bytes) -> tuple[Field, ...]:
        # Names, labels and formats too long for version 5's places come in a section of their own.
        parts = 5 if record[26:27] == b"9" else 3
        long = list(fields)
        for _ in range(int(record[48:80].split()[0])):
            number, *lengths = struct.unpack(f">{parts}h", self._take(2 * parts))
            name, label, *formats = (_name(self._take(length)) for length in lengths)
            given = {"name": name, "label": label, **({"format": formats[0]} if formats else {})}
            long[number - 1] = replace(long[number - 1], **given)
        self._align()
        return tuple(long)

    def _expect(self, *kinds: str) -> bytes:
        record = self._take(RECORD)
        signs = {f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!".encode() for kind in kinds}
        if record[:48] not in signs:
            wanted = " or ".join(kinds)
            raise FormatError(self.path, self._place(RECORD), f"no {wanted} header here; ask for the file again.")
        return record

    def _take(self, size: int) -> bytes:
        left = self.path.stat().st_size - self.file.tell()
        # A damaged count may ask for more than the memory holds.
        taken = self.file.read(min(size, left))
        if len(taken) < size:
            raise FormatError(
                self.path,
                self._place(len(taken)),
                "the file ends inside its headers; ask for the file again.",
            )
        return taken

    def _align(self) -> None:
        self._take(-self.file.tell() % RECORD)

    def _place(self, back: int) -> str:
        return f"byte {self.file.tell() - back}"


def _field(raw: bytes, version: int) -> Field:
    kind, length = struct.unpack(">h2xh", raw[:6])
    if length < 1 or (kind == 1 and not 2 <= length <= 8):
        raise ValueError(f"a variable of {length} bytes")
    return Field(
        name=_name(raw[88:120] if version == 8 else raw[8:16]),
        label=_name(raw[16:56]),
        numeric=kind == 1,
        offset=0,
        length=length,
        format=_name(raw[56:64]),
    )


def _placed(fields: list[Field]) -> tuple[Field, ...]:
    # The header has a place for each variable's position, but some writers fill it wrongly: observations
    # are in the order of the headers in every file.
    ends = accumulate(field.length for field in fields)
    return tuple(replace(field, offset=end - field.length) for field, end in zip(fields, ends, strict=True))


def _count(record: bytes) -> int | None:
    # Some writers leave the count blank or zero: then the length of the file must do.
    return int(record[48:63].strip() or b"0") or None


def _name(raw: bytes) -> str:
    return decode(raw)[0].strip(" \0")
