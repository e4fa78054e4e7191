"""A folder put in its place whole or not at all, and the link to the newest one."""

import os
from collections.abc import Iterable
from pathlib import Path

# Who may read: of what tells the arms its owner alone, of what does not everybody.
CLOSED, OPEN = (0o700, 0o600), (0o755, 0o644)


def put_in_place(beside: Path, target: Path, modes: tuple[int, int]) -> Path:
    """Where the folder lies once it is renamed and ``current``, beside it, points at it.

    Args:
        beside: What was made, in the same folder as ``target``.
        target: What it will be called, which nothing else is.
        modes: Of folders and of files.
    """
    folder = target.parent
    for path in (beside, *beside.rglob("*")):
        path.chmod(modes[0] if path.is_dir() else modes[1])
        _sync(path)
    os.rename(beside, target)
    _sync(folder)
    link = folder / ".current.making"
    link.unlink(missing_ok=True)
    link.symlink_to(target.name)
    os.replace(link, folder / "current")
    _sync(folder)
    return target


def current(folder: Path) -> Path | None:
    """The newest release in the folder, or None when there is none yet."""
    link = folder / "current"
    return link.resolve() if link.exists() else None


def free_name(folder: Path, name: str) -> Path:
    """The name itself, if it is free; a later release of the same cut gets a number, since a release never changes."""
    return next(path for path in _names(folder, name) if not path.exists())


def _names(folder: Path, name: str) -> Iterable[Path]:
    yield folder / name
    for number in range(2, 10_000):
        yield folder / f"{name}-r{number}"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
