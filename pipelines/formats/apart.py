"""SAS datasets read in a process apart: one that its reader cannot bear ends that process, and not the run."""

import atexit
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from pipelines.formats.dataset import Dataset, FormatError, Notes

_BROKEN_OFF = (EOFError, BrokenPipeError, pickle.UnpicklingError)


def open_apart(path: Path, name: str) -> Dataset:
    """The dataset of a sas7bdat file, opened and read by another process.

    Raises:
        FormatError: If the file is cut short or cannot be read, or the other process does not survive it.
    """
    with _borrowed(path) as child:
        [dataset] = child.answers("open", path, name)
    return replace(dataset, read=partial(_read, path, name))


def _read(path: Path, name: str, chunk: int, notes: Notes) -> Iterator[pa.RecordBatch]:
    with _borrowed(path) as child:
        for answer in child.answers("read", path, name, chunk):
            if isinstance(answer, Notes):
                notes.add(answer)
            else:
                yield answer


class _Child:
    """A process that reads, one question at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.formats.apart_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What a library prints before it ends the process is told by its end.
            stderr=subprocess.DEVNULL,
        )
        self.is_busy = False

    def answers(self, *question: Any) -> Iterator[Any]:
        """What it answers, one after the other; a refusal is raised here."""
        self.is_busy = True
        questions, answers = self._pipes()
        pickle.dump(question, questions)
        questions.flush()
        while (answer := pickle.load(answers)) is not None:
            if isinstance(answer, FormatError):
                self.is_busy = False
                raise answer
            yield answer
        self.is_busy = False

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes():
            # A question that it no longer heard.
            with suppress(BrokenPipeError):
                pipe.close()

    def ended_with(self) -> int:
        """The signal or exit code with which it ends by itself."""
        return self._process.wait()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the reader was started without pipes")
        return self._process.stdin, self._process.stdout


# A process takes half a second to start, so that one is kept for the next file.
_idle: list[_Child] = []


@contextmanager
def _borrowed(path: Path) -> Iterator[_Child]:
    child = _idle.pop() if _idle else _Child()
    try:
        yield child
    except _BROKEN_OFF as error:
        problem = (
            f"the reader of SAS datasets ended on it (code {child.ended_with()}), so it is damaged or too large for "
            "the memory; ask for it again, or deliver it as .xpt."
        )
        raise FormatError(path, "file", problem) from error
    finally:
        if child.is_busy:
            child.end()
        else:
            _idle.append(child)


@atexit.register
def _end_idle() -> None:
    while _idle:
        _idle.pop().end()
