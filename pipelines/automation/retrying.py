"""Trying a step again where that can help: what failed was the machine, not the data."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import duckdb

TRIES = 3
FIRST_WAIT_SECONDS = 5
# What can be otherwise in a minute: a file server that does not answer, a full disk, a lock.
PASSING = {
    errno.EAGAIN,
    errno.EBUSY,
    errno.EINTR,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOLCK,
    errno.ENOMEM,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.ESTALE,
    errno.ETIMEDOUT,
}


def passes(error: Exception) -> bool:
    """Whether the same might go well in a while: never so for refused data or a fault of the program."""
    if isinstance(error, duckdb.IOException):
        # Somebody has the warehouse open in another program.
        return "Could not set lock" in str(error)
    return isinstance(error, OSError) and error.errno in PASSING


def wait_seconds(tried: int) -> int:
    """How long to wait after so many tries in vain: three times as long each time."""
    return FIRST_WAIT_SECONDS * 3**tried


@contextmanager
def trying_again(context: dg.AssetExecutionContext) -> Iterator[None]:
    """The step is tried again, up to three times with longer waits, when what stops it may pass.

    Raises:
        dagster.RetryRequested: In place of what may pass.
    """
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        if not passes(error):
            raise
        wait = wait_seconds(context.retry_number)
        context.log.warning(f"{type(error).__name__}; the step is tried again in {wait} s.")
        raise dg.RetryRequested(max_retries=TRIES, seconds_to_wait=wait) from error
