"""Whether the chain of an audit log holds, and the first line where it does not."""

import fcntl
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.audit.entry import NOTHING_BEFORE, line_hash


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the log: its hash, and what it says; None when it is no entry."""

    sha256: str
    said: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a log says of itself.

    Args:
        lines: Every line.
        problem: The first line that is damaged, missing or inserted; empty when the chain holds.
        torn: Numbers of the lines that were cut short while they were written.
    """

    lines: tuple[Line, ...]
    problem: str
    torn: tuple[int, ...]


def check(path: Path) -> Checked:
    """The log's lines, and whether each follows the one before; a log that is not there has no lines.

    Args:
        path: The log.
    """
    text = _read(path)
    lines = [_line(part) for part in text.removesuffix(b"\n").split(b"\n")] if text else []
    torn = _torn(lines, is_whole=text.endswith(b"\n"))
    return Checked(lines=tuple(lines), problem=_problem(lines, torn), torn=torn)


def _read(path: Path) -> bytes:
    if not path.exists():
        return b""
    with path.open("rb") as file:
        # Else an entry that is being written would look cut short.
        fcntl.flock(file, fcntl.LOCK_SH)
        return file.read()


def _torn(lines: Sequence[Line], *, is_whole: bool) -> tuple[int, ...]:
    """What was not written whole: the last line without its end, or one whose hash as it is the next line holds."""
    return tuple(
        number
        for number, line in enumerate(lines, start=1)
        if line.said is None and (_follows(lines[number], line) if number < len(lines) else not is_whole)
    )


def _line(text: bytes) -> Line:
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    is_entry = isinstance(said, dict) and isinstance(said.get("number"), int) and "before" in said
    return Line(sha256=line_hash(text), said=said if is_entry else None)


def _follows(line: Line, before: Line) -> bool:
    return line.said is not None and line.said["before"] == before.sha256


def _problem(lines: Sequence[Line], torn: Sequence[int]) -> str:
    """The first line that does not follow the one before, and what that means."""
    before = Line(sha256=NOTHING_BEFORE, said=None)
    for number, line in enumerate(lines, start=1):
        if number not in torn:
            if line.said is None:
                return f"line {number} is damaged: it is no entry."
            if line.said["number"] != number or not _follows(line, before):
                return _broken(number, line.said, lines)
        before = line
    return ""


def _broken(number: int, said: dict[str, Any], lines: Sequence[Line]) -> str:
    """What is wrong where a line does not follow the one before.

    Args:
        number: Of the line, counted from 1.
        said: What it says.
        lines: All lines.
    """
    if said["number"] > number:
        return f"line {number} is missing: entry {said['number']} stands in its place."
    following = lines[number] if number < len(lines) else None
    if said["number"] < number:
        # Of two that claim one place, the line that follows them knows the one that was there.
        extra = number - 1 if following and _follows(following, lines[number - 1]) else number
        return f"line {extra} is inserted: another line is entry {said['number']}."
    if following and following.said and following.said["number"] == number:
        return f"line {number} is inserted: another line is entry {number}."
    if number == 1:
        return "line 1 is damaged: the first entry has no hash of a line before."
    return f"line {number - 1} is damaged: line {number} holds another hash of it."
