"""A process that tries damaged files one after another; its end by a signal, or its silence, is an outcome too."""

import multiprocessing
import os
import resource
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

from tests.fuzz.outcomes import BROKEN, Outcome

MEMORY_MB, SECONDS = 3072, 30
_SPAWN = multiprocessing.get_context("spawn")

Try = Callable[[int], Outcome]


def outcomes(attempt: Try, numbers: range) -> Iterator[tuple[int, Outcome]]:
    """What became of each number, tried in a process that may use so much memory and time.

    Args:
        attempt: Tries one number; sent to the other process.
        numbers: What to try.
    """
    left = list(reversed(numbers))
    while left:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_serve, args=(theirs, attempt), daemon=True)
        process.start()
        theirs.close()
        ours.recv()
        while left:
            number = left.pop()
            outcome = _asked(ours, number)
            if outcome is None:
                process.kill()
                process.join()
                yield number, Outcome(kind=BROKEN, said=f"no answer: exit code {process.exitcode}")
                break
            yield number, outcome
        ours.close()
        process.join(1)
        process.kill()


def _asked(connection: Connection, number: int) -> Outcome | None:
    """The other process's answer; None when it died or is silent for too long."""
    try:
        connection.send(number)
        return connection.recv() if connection.poll(SECONDS) else None
    except (EOFError, ConnectionError):
        return None


def _serve(connection: Connection, attempt: Try) -> None:
    _confine()
    connection.send("ready")
    while True:
        try:
            number = connection.recv()
        except EOFError:
            return
        connection.send(attempt(number))


def _confine() -> None:
    # Threads' stacks count as address space, so that the limit goes on top of what is taken already.
    with open("/proc/self/statm") as file:
        taken = int(file.read().split()[0]) * resource.getpagesize()
    most = taken + MEMORY_MB * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What a library prints before it aborts belongs to nobody.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
