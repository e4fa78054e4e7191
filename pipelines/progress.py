"""Tell people what is being done, on standard error, so that standard output stays for results."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.status import Status


class Progress:
    """A line that moves on a terminal; a plain line per task elsewhere; nothing for machines."""

    def __init__(self, *, verbose: bool = False, quiet: bool = False):
        """Say how much to say.

        Args:
            verbose: A line for every step.
            quiet: Nothing at all.
        """
        self._console = Console(file=sys.stderr, quiet=quiet, highlight=False)
        self._verbose = verbose
        self._status = Status("", console=self._console)

    def __enter__(self) -> Self:
        """Begin to tell."""
        if self._console.is_terminal:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was."""
        self._status.stop()

    @contextmanager
    def task(self, name: str) -> Iterator[Callable[[str], None]]:
        """A task that takes its time; what is yielded tells its steps."""
        began = time.monotonic()
        steps = 0

        def say(step: str) -> None:
            nonlocal steps
            steps += 1
            self._status.update(f"{name}: {step} ({steps}, {time.monotonic() - began:.0f} s)")
            if self._verbose:
                self._console.print(f"{name}: {step}", markup=False)

        say("begins")
        yield say
        self._console.print(f"{name}: {time.monotonic() - began:.1f} s", markup=False)
