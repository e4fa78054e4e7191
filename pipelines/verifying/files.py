"""The files of a release against its manifest."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelines.ingest import sha256
from pipelines.manifest import MANIFEST, read_manifest
from pipelines.verifying.verified import Verified


def verify_files(folder: Path, called: str = "") -> Verified:
    """Whether every file that the manifest names is there as it was, and no other.

    Args:
        folder: The release.
        called: What its files are called by, such as ``open/``.
    """
    try:
        expected = read_manifest(folder)["outputs"]
    except (OSError, json.JSONDecodeError, KeyError) as error:
        return Verified(what=folder.name, checked=(), differs=(f"{called}{MANIFEST} cannot be read: {error!r}.",))
    there = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir()}
    there.pop(MANIFEST, None)
    return Verified(
        what=folder.name,
        checked=(f"{len(expected)} files against the SHA-256 in {called}{MANIFEST}.",),
        differs=tuple(f"{called}{told}" for told in _differences(expected, there)),
    )


def _differences(expected: Mapping[str, str], there: Mapping[str, Path]) -> Iterator[str]:
    for name in sorted(expected.keys() | there.keys()):
        if name not in there:
            yield f"{name} is missing."
        elif name not in expected:
            yield f"{name} is not in {MANIFEST}."
        elif there[name].is_symlink():
            yield f"{name} is a link, not the file that was released."
        elif (found := sha256(there[name])) != expected[name]:
            yield f"{name} has changed: its SHA-256 was {expected[name]}, is {found}."


def verify_current(folder: Path, called: str = "") -> Verified:
    """Whether ``current`` is a link to a release beside it.

    Args:
        folder: Where the study's releases lie.
        called: What its files are called by, such as ``open/``.
    """
    link = folder / "current"
    target = link.readlink() if link.is_symlink() else None
    if target is None:
        problem = "is no link; make it one to the newest release, or run the study again."
    elif len(target.parts) != 1 or not (folder / target / MANIFEST).is_file():
        problem = f"points at {target}, which is no release beside it; run the study again."
    else:
        return Verified(what=folder.name, checked=(f"{called}current points at {target}.",), differs=())
    return Verified(what=folder.name, checked=(), differs=(f"{called}current {problem}",))
