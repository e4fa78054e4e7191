"""The releases of a study: the one that a run is compared with, and one by its name."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import WrongUsage

_NAME = re.compile(r"(?P<cut>.+?)(?:-r(?P<number>\d+))?")


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A release: its folder, its cut, and the program's version that made it."""

    folder: Path
    cut: str
    number: int
    code_version: str


def releases(folder: Path) -> list[Earlier]:
    """The study's releases, the earliest cut first, and of one cut the first made."""
    found = [_read(path) for path in folder.glob("*/manifest.json") if not path.parent.is_symlink()]
    return sorted((one for one in found if one), key=lambda one: (one.cut, one.number))


def earlier_release(folder: Path, cut: str) -> Earlier | None:
    """The newest release of an earlier cut, which is not always the newest release; None on the first cut.

    Args:
        folder: Where the study's releases lie.
        cut: The cut that is being reported, by the name of its transfer.
    """
    return max((one for one in releases(folder) if one.cut < cut), key=lambda one: (one.cut, one.number), default=None)


def name_of_earlier(folder: Path, cut: str) -> str:
    """The name of that release; empty on the first cut."""
    found = earlier_release(folder, cut)
    return found.folder.name if found else ""


def named(folder: Path, name: str) -> Path:
    """The release of this name, such as 2026-06-30 or 2026-06-30-r2.

    Raises:
        WrongUsage: If there is none.
    """
    known = [one.folder.name for one in releases(folder)]
    if name in known:
        return folder / name
    have = f"there are {', '.join(known)}" if known else f"run it first: crsight run {folder.name}"
    raise WrongUsage(f"{folder.name} has no release {name} in {folder.parent.parent}; {have}.")


def _read(path: Path) -> Earlier | None:
    # A release that is being made has a name that begins with a dot.
    if path.parent.name.startswith("."):
        return None
    identity = json.loads(path.read_text())["identity"]
    match = _NAME.fullmatch(path.parent.name)
    number = int(match["number"] or 1) if match else 1
    return Earlier(folder=path.parent, cut=identity["cut"], number=number, code_version=identity["code_version"])
