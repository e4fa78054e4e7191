"""SAS transport files, version 5, as regulators take them."""

import re
import struct
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.formats import ibm
from pipelines.formats.dataset import FormatError
from pipelines.formats.xpt_header import RECORD

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,7}")
_LABEL_BYTES, _TEXT_BYTES = 40, 200


def write_xpt(
    frame: pl.DataFrame,
    path: Path,
    *,
    name: str,
    label: str,
    labels: Mapping[str, str],
    formats: Mapping[str, str],
    created: datetime,
) -> None:
    """Write a version 5 transport file; all its limits are checked before a byte is written.

    Args:
        frame: String and Float64 columns only.
        path: Where to.
        name: The dataset's name, 8 characters or fewer.
        label: The dataset's label, 40 bytes or fewer.
        labels: Variables' labels by name, 40 bytes or fewer.
        formats: SAS formats by name, such as ``DATE9.``; any other variable has none.
        created: Written as the date of creation and of change.

    Raises:
        FormatError: If a name, label or value does not fit version 5.
    """
    _check_header(path, [name, *frame.columns], {name: label, **labels})
    _check_last_row(path, frame)
    blocks = [_block(path, column) for column in frame]
    rows = np.hstack(blocks).tobytes()
    headers = _headers(name, label, created) + _namestrs(frame, blocks, labels, formats) + _header("OBS")
    path.write_bytes(headers + _padded(rows))


def _check_header(path: Path, names: list[str], labels: Mapping[str, str]) -> None:
    if len(names) == 1:
        raise FormatError(path, "header", "a transport file needs a variable; the table has none.")
    for name in names:
        if not _NAME.fullmatch(name):
            rule = "8 letters, digits or underscores, not a digit first"
            raise FormatError(path, f"name {name!r}", f"does not fit a version 5 file ({rule}); shorten it.")
    for name, label in labels.items():
        size = len(label.encode())
        if size > _LABEL_BYTES:
            raise FormatError(path, f"label of {name}", f"takes {size} bytes, at most {_LABEL_BYTES} fit; shorten it.")


def _check_last_row(path: Path, frame: pl.DataFrame) -> None:
    # Without a count of rows, a last row of blanks cannot be told from the blanks that fill the file.
    if frame.height and not frame.select(pl.col(pl.Float64)).width and not any(frame.row(-1)):
        raise FormatError(path, f"row {frame.height}", "is blank in every variable, which the format loses; drop it.")


def _block(path: Path, column: pl.Series) -> np.ndarray:
    return _text_block(path, column) if column.dtype == pl.String else _number_block(path, column)


def _number_block(path: Path, column: pl.Series) -> np.ndarray:
    try:
        return ibm.from_floats(column.fill_null(float("nan")).to_numpy())
    except OverflowError as error:
        row = error.args[0]
        problem = f"{column[row]:g} does not fit a transport file (5.4e-79 to 7.2e75); use another format."
        raise FormatError(path, f"row {row + 1}, column {column.name}", problem) from error


def _text_block(path: Path, column: pl.Series) -> np.ndarray:
    text = column.fill_null("")
    _check_text(path, text)
    size = text.str.len_bytes().to_numpy()
    width = int(size.max(initial=1))
    block = np.full((len(text), width), ord(" "), np.uint8)
    inside = np.arange(width) < size[:, None]
    block[inside] = np.frombuffer("".join(text).encode(), np.uint8)
    return block


def _check_text(path: Path, text: pl.Series) -> None:
    size = text.str.len_bytes()
    for row in (size > _TEXT_BYTES).arg_true():
        problem = f"takes {size[row]} bytes, at most {_TEXT_BYTES} fit; split it over SUPP-- or use another format."
        raise FormatError(path, f"row {row + 1}, column {text.name}", problem)
    # SAS and others read a text no further than a NUL, and would lose the rest of it.
    for row in text.str.contains("\0", literal=True).arg_true():
        problem = "holds the character NUL, which ends a text of a transport file; remove it."
        raise FormatError(path, f"row {row + 1}, column {text.name}", problem)


def _headers(name: str, label: str, created: datetime) -> bytes:
    stamp = created.strftime("%d%b%y:%H:%M:%S").upper().encode()
    return b"".join(
        (
            _header("LIBRARY"),
            _padded(b"SAS     SAS     SASLIB  9.4     CRSIGHT ".ljust(64) + stamp),
            _padded(stamp),
            _header("MEMBER", "000000000000000001600000000140"),
            _header("DSCRPTR"),
            _padded(b"SAS     " + name.upper().encode().ljust(8) + b"SASDATA 9.4     CRSIGHT ".ljust(48) + stamp),
            _padded(stamp.ljust(32) + label.encode().ljust(_LABEL_BYTES)),
        )
    )


def _namestrs(
    frame: pl.DataFrame, blocks: list[np.ndarray], labels: Mapping[str, str], formats: Mapping[str, str]
) -> bytes:
    offsets = np.cumsum([0, *(block.shape[1] for block in blocks)])
    each = (
        _namestr(column, number + 1, block.shape[1], int(offsets[number]), labels, formats)
        for number, (column, block) in enumerate(zip(frame, blocks, strict=True))
    )
    return _header("NAMESTR", f"000000{len(blocks):04d}".ljust(30, "0")) + _padded(b"".join(each))


def _namestr(
    column: pl.Series,
    number: int,
    width: int,
    offset: int,
    labels: Mapping[str, str],
    formats: Mapping[str, str],
) -> bytes:
    kind = 2 if column.dtype == pl.String else 1
    named = column.name.encode().ljust(8) + labels.get(column.name, "").encode().ljust(_LABEL_BYTES)
    shown = _format(formats.get(column.name, "")) + (b" " * 8 + bytes(4))
    return (struct.pack(">4h", kind, 0, width, number) + named + shown + struct.pack(">i", offset)).ljust(140, b"\0")


def _format(text: str) -> bytes:
    bare = text.rstrip(".0123456789")
    width = text.removeprefix(bare).rstrip(".")
    return bare.encode().ljust(8) + struct.pack(">4h", int(width or 0), 0, 0, 0)


def _header(kind: str, rest: str = "0" * 30) -> bytes:
    return f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!{rest:<32}".encode()


def _padded(raw: bytes) -> bytes:
    return raw + b" " * (-len(raw) % RECORD)
