"""A child process that answers questions on one release, and is ended when one goes beyond its limits."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Timer
from time import monotonic
from types import TracebackType
from typing import IO, NamedTuple

from pipelines.errors import WrongUsage

FORMATS = ("table", "csv", "json", "parquet")
# What the child needs of the environment; whatever else it holds is not there to be found.
_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT")
# An interval is months, days and nanoseconds; polars has no type for it but a structure.
_ADDED = {"POLARS_IMPORT_INTERVAL_AS_STRUCT": "1"}
# DuckDB stops a question in most places when it is told to; where it does not, the child is ended so much later.
_GRACE_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far one question may go.

    Args:
        seconds: Time.
        rows: Rows of the answer; further ones are left out, and that is said.
        memory_mb: Memory beyond what an idle child takes, in MB of 1024 x 1024 bytes.
    """

    seconds: float = 60
    rows: int = 100_000
    memory_mb: int = 2048


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as it is to be written, how many rows it has, and whether there were more."""

    body: bytes
    rows: int
    cut: bool


class Session:
    """Questions to one release, one after the other; a context manager."""

    def __init__(self, database: Path, limits: Limits) -> None:
        """Start nothing yet.

        Args:
            database: The release's ``crs.duckdb``.
            limits: What holds for every question.
        """
        self._database = database
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Session":
        """Start the child, so that it is ready when the first question comes."""
        self._started()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the child."""
        self._end()

    def ask(self, query: str, format: str = "table") -> Answer:
        """The answer to one SELECT.

        Args:
            query: One SELECT on the release's tables.
            format: A name in ``FORMATS``.

        Raises:
            WrongUsage: If the format is unknown, the text is not one SELECT, it asks for what is not there, or it
                goes beyond the limits.
        """
        if format not in FORMATS:
            raise WrongUsage(f"--format is {format}; it is one of {', '.join(FORMATS)}.")
        began = monotonic()
        head, body = self._exchange({"query": query, "format": format})
        if head is None and monotonic() - began < self._limits.seconds:
            # It ended before its time: an earlier question may have hurt it, so a new one is asked once more.
            self._end()
            head, body = self._exchange({"query": query, "format": format})
        if head is None:
            raise WrongUsage(self._stopped())
        if "refused" in head:
            if head["spent"]:
                self._end()
            raise WrongUsage(head["refused"])
        return Answer(body=body, rows=head["rows"], cut=head["cut"])

    def _exchange(self, question: dict[str, str]) -> tuple[dict | None, bytes]:
        """The child's head and body, or no head where the child ended."""
        child = self._started()
        pipes = _pipes(child)
        ended = Event()
        ending = Timer(self._limits.seconds + _GRACE_SECONDS, lambda: (ended.set(), child.kill()))
        ending.start()
        try:
            pipes.questions.write(f"{json.dumps(question)}\n".encode())
            pipes.questions.flush()
            line = pipes.answers.readline()
            head = json.loads(line) if line.endswith(b"\n") else None
            body = pipes.answers.read(head["size"]) if head else b""
            return (head, body) if head and len(body) == head["size"] else (None, b"")
        except BrokenPipeError:
            return None, b""
        finally:
            ending.cancel()
            ending.join()
            # An answer may come in the same moment as the end; the next question then needs another child.
            if ended.is_set():
                self._end()

    def _stopped(self) -> str:
        self._end()
        return (
            f"the question was stopped: it needed more than {self._limits.seconds:g} seconds or "
            f"{self._limits.memory_mb} MB of memory; ask for less, or open a copy of crs.duckdb in DuckDB itself."
        )

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "pipelines.asking.child", str(self._database), json.dumps(asdict(self._limits))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**_ADDED, **{name: os.environ[name] for name in _KEPT if name in os.environ}},
            )
            self._hear_that_it_is_ready(self._child)
        return self._child

    def _hear_that_it_is_ready(self, child: "subprocess.Popen[bytes]") -> None:
        if not _pipes(child).answers.readline():
            said = _pipes(child).errors.read().decode(errors="replace").strip().splitlines()
            self._end()
            raise RuntimeError(f"{self._database} cannot be asked: {said[-1] if said else 'no reason given'}")

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in _pipes(self._child):
                pipe.close()
        self._child = None


class _Pipes(NamedTuple):
    questions: IO[bytes]
    answers: IO[bytes]
    errors: IO[bytes]


def _pipes(child: "subprocess.Popen[bytes]") -> _Pipes:
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise ValueError("the child was started without pipes")
    return _Pipes(child.stdin, child.stdout, child.stderr)
