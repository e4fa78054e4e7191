"""The process that reads SAS datasets: answers what comes on its standard input until there is no more.

Run as ``python -m pipelines.formats.apart_child``. Questions and answers are pickles: a question is ``open`` or
``read`` with its arguments; answers end with None, or with the refusal.
"""

import os
import pickle
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.formats.dataset import FormatError, Notes
from pipelines.formats.sas7bdat import open_sas7bdat


def main() -> None:
    """Answer until there are no more questions."""
    # What a library prints must not get among the answers, and no core is left when it ends the process.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            what, *told = pickle.load(sys.stdin.buffer)
            for answer in _answers(what, *told):
                pickle.dump(answer, answers)
            answers.flush()
        except (EOFError, BrokenPipeError):
            return


def _answers(what: str, path: Path, name: str, chunk: int = 0) -> Iterator[Any]:
    try:
        dataset = open_sas7bdat(path, name)
        if what == "open":
            yield dataset
        else:
            notes = Notes()
            yield from dataset.read(chunk, notes)
            yield notes
    except FormatError as error:
        yield error
    else:
        yield None


if __name__ == "__main__":
    main()
