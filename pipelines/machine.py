"""Faults of the machine and not of the program, told so that people can mend them, and what was mended on the way."""

import getpass
import sys

_FULL = ("No space left on device", "Disk quota exceeded", "File too large")
_DAMAGED = (
    "Corrupt database file",
    "Could not read enough bytes from file",
    "not a valid DuckDB database file",
    "database has been invalidated",
    "INTERNAL Error",
)
_FORBIDDEN = ("Permission denied", "Read-only file system", "Operation not permitted")


def fault_of_machine(said: str) -> str | None:
    """What is wrong with the machine and what to do, in a sentence; None when the error is another.

    Args:
        said: The text of the error, whichever library raised it.
    """
    cause = next(iter(said.strip().splitlines()), "")
    if any(words in said for words in _FULL):
        return f"the disk is full ({cause}); make room and run it again. The last release stands as it was."
    if any(words in said for words in _FORBIDDEN):
        return (
            f"no right to read or write ({cause}); give it to {getpass.getuser()}, or name another folder with --home."
        )
    return None


def is_damage(said: str) -> bool:
    """Whether DuckDB says so of its own file.

    Args:
        said: The text of the error.
    """
    return any(words in said for words in _DAMAGED)


def tell_mended(what: str) -> None:
    """Tell people on standard error what was found damaged and is made again."""
    print(f"Damaged: {what}", file=sys.stderr)
