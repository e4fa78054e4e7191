"""Grades that people adjudicated: ``adjudication.csv`` beside study.yaml, checked whole before it is used."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.studies.loading import StudyError
from pipelines.studies.names import hint, known_scales
from pipelines.studies.settings import Study

FILE = "adjudication.csv"
NEEDED = ("usubjid", "episode", "scale", "grade", "reason", "adjudicator", "adjudicated_at")
COLUMNS = (*NEEDED, "source")
SOURCES = ("reported", "derived")
# 0 says that it was no CRS.
GRADES = tuple(str(grade) for grade in range(6))
# Somewhere on earth it is tomorrow already.
_LATEST = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Adjudication:
    """The grade that people gave an episode, and who, when and why; a row of ``study.adjudications``."""

    usubjid: str
    source: str
    scale: str
    episode: int
    grade: int
    reason: str
    adjudicator: str
    adjudicated_at: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Adjudicated:
    """The file of a study: its SHA-256, and what it says."""

    sha256: str
    rows: tuple[Adjudication, ...]


def load_adjudicated(root: Path, studies: Iterable[Study]) -> dict[str, Adjudicated]:
    """The adjudicated grades of those studies that have any, by study.

    Args:
        root: The folder that holds the studies.
        studies: Their settings; the primary source is meant where a line names none.

    Raises:
        StudyError: If a line cannot be used as it stands, with a sentence for each that cannot.
    """
    return {
        study.study: _read(root / study.study / FILE, study)
        for study in studies
        if (root / study.study / FILE).exists()
    }


def _read(path: Path, study: Study) -> Adjudicated:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal([f"byte {error.start + 1} is not UTF-8; save the file as UTF-8"]) from error
    lines = list(_lines(text))
    problems = [f"line {number}: {problem}" for number, line in lines for problem in _problems(line)]
    if problems:
        raise _refusal(problems)
    rows = tuple(_adjudication(number, line, study) for number, line in lines)
    _refuse_repeated(rows)
    return Adjudicated(sha256=hashlib.sha256(content).hexdigest(), rows=rows)


def _lines(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each line by column and its number, blanks around values taken off."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        _refuse_columns(columns)
        for row in filter(None, reader):
            if len(row) != len(columns):
                raise _refusal([f"line {reader.line_num}: found {len(row)} values, expected {len(columns)}"])
            yield reader.line_num, dict(zip(columns, map(str.strip, row), strict=True))
    except csv.Error as error:
        raise _refusal([f"line {reader.line_num}: not CSV: {error}; mend it there"]) from error


def _refuse_columns(columns: list[str]) -> None:
    problems = [f"there is no column {name}; add it" for name in NEEDED if name not in columns]
    problems += [f"unknown column {name!r}; {hint(name, COLUMNS)}" for name in columns if name not in COLUMNS]
    problems += [f"column {name} is there more than once; keep one" for name in {*columns} if columns.count(name) > 1]
    if problems:
        raise _refusal(problems)


def _problems(line: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{name} is empty; give it" for name in NEEDED if not line[name])
    if line["episode"] and not re.fullmatch("[1-9][0-9]{0,3}", line["episode"]):
        yield f"episode: found {line['episode']!r}, expected its number, 1 for the first"
    if line["scale"] and line["scale"].upper() not in known_scales():
        yield f"scale: found {line['scale']!r}; {hint(line['scale'], known_scales().values())}"
    if line["grade"] and line["grade"] not in GRADES:
        yield f"grade: found {line['grade']!r}, expected 1 to 5, or 0 for no CRS"
    if line.get("source") and line["source"].lower() not in SOURCES:
        yield f"source: found {line['source']!r}, expected {' or '.join(SOURCES)}"
    if line["adjudicated_at"]:
        yield from _untimely(line["adjudicated_at"])


def _untimely(text: str) -> Iterator[str]:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        yield f"adjudicated_at: found {text!r}, expected a date such as 2026-06-30, or 2026-06-30T14:30"
        return
    if when.replace(tzinfo=when.tzinfo or UTC) > datetime.now(UTC) + _LATEST:
        yield f"adjudicated_at: found {text!r}, which is yet to come; give the day it was decided"


def _adjudication(number: int, line: Mapping[str, str], study: Study) -> Adjudication:
    return Adjudication(
        usubjid=line["usubjid"],
        source=line.get("source", "").lower() or study.grading.primary,
        scale=known_scales()[line["scale"].upper()],
        episode=int(line["episode"]),
        grade=int(line["grade"]),
        reason=line["reason"],
        adjudicator=line["adjudicator"],
        adjudicated_at=line["adjudicated_at"],
        line=number,
    )


def _refuse_repeated(rows: tuple[Adjudication, ...]) -> None:
    first: dict[tuple[str, str, str, int], int] = {}
    problems = []
    for row in rows:
        line = first.setdefault((row.usubjid, row.source, row.scale, row.episode), row.line)
        if line != row.line:
            problems.append(f"line {row.line}: the episode is graded on this scale in line {line} already; keep one")
    if problems:
        raise _refusal(problems)


def _refusal(problems: list[str]) -> StudyError:
    return StudyError("\n".join(f"{FILE}: {problem}" for problem in problems))
