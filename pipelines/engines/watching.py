"""Spark waits for ever for workers that are gone; here the waiting ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from pipelines.engines.errors import EngineError

# How long no worker may be there, in seconds, unless the settings say otherwise.
PATIENCE, USUAL_S = "spark.crsight.patience", "120"
_LOOK_EVERY_S = 1.0


@contextmanager
def watched(session: Any) -> Iterator[None]:
    """What is done inside ends when Spark has had no worker for as long as the settings bear.

    Args:
        session: A Spark session. One that is far away (``spark.remote``) or within the process has no workers to watch.

    Raises:
        EngineError: If it ended so.
    """
    context = _context(session)
    if context is None:
        yield
        return
    watch = _Watch(context, float(session.conf.get(PATIENCE, USUAL_S)))
    try:
        yield
    except Exception:
        if watch.has_ended_it:
            raise EngineError(
                f"Spark has had no worker for {watch.patience_s:g} s; start workers and run it again. "
                "The last release stands."
            ) from None
        raise
    finally:
        watch.end()


class _Watch:
    """A thread that looks for executors while a table is made."""

    def __init__(self, context: Any, patience_s: float) -> None:
        self._context, self.patience_s = context, patience_s
        self._over, self.has_ended_it = Event(), False
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        seen = time.monotonic()
        while not self._over.wait(_LOOK_EVERY_S):
            if _executors(self._context):
                seen = time.monotonic()
            elif time.monotonic() - seen > self.patience_s:
                self.has_ended_it = True
                self._context.cancelAllJobs()


def _context(session: Any) -> Any:
    try:
        context = session.sparkContext
    except Exception:  # Spark Connect has none and says so in several ways.
        return None
    return None if context.master.startswith("local") else context


def _executors(context: Any) -> int:
    # The driver counts as one.
    return len(context._jsc.sc().statusTracker().getExecutorInfos()) - 1
