"""The audit log, and releases against it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.audit import Checked, check
from pipelines.ingest import sha256
from pipelines.manifest import MANIFEST, read_manifest
from pipelines.verifying.verified import Verified


def verify_chain(log: Path) -> tuple[Verified, Checked]:
    """Whether each line of the log follows the one before, and what the lines say.

    Args:
        log: The log's file.
    """
    found = check(log)
    problem = found.problem or ("" if log.exists() else "there is no audit log; every run writes it.")
    differs = (f"{log.name}: {problem}",) if problem else ()
    remarks = tuple(
        f"{log.name}: line {n} was cut short while it was written, by a crash or a full disk; what it said is lost."
        for n in found.torn
    )
    checked = (f"{len(found.lines)} lines of {log.name}, each against the hash in the next.",)
    return Verified(what=log.name, checked=checked, differs=differs, remarks=remarks), found


def verify_logged(folder: Path, found: Checked) -> Verified:
    """Whether the log names the release as it is, and has not been written anew since it was made.

    Args:
        folder: The release.
        found: What the log says.
    """
    name, digest = f"{folder.parent.name}/{folder.name}", sha256(folder / MANIFEST)
    known = {said["manifest"] for said in _of_release(found, folder)}
    if digest in known:
        differs = tuple(_anew(name, read_manifest(folder)["audit"], found))
    else:
        told = ", ".join(sorted(known)) or "no such release"
        differs = (f"{name}: {MANIFEST} has the SHA-256 {digest}; the audit log knows {told}.",)
    return Verified(what=name, checked=(f"{name} against the audit log.",), differs=differs)


def _of_release(found: Checked, folder: Path) -> Iterator[dict[str, Any]]:
    """What the log said when a release of this name was made."""
    about = ("release", folder.parent.name, folder.name)
    said = (line.said for line in found.lines if line.said)
    return (one for one in said if (one.get("event"), one.get("study"), one.get("release")) == about)


def _anew(name: str, head: dict[str, Any], found: Checked) -> Iterator[str]:
    """What the manifest holds of the log as it was, against the log as it is."""
    if head["line"] > len(found.lines):
        yield f"{name}: the audit log had {head['line']} lines when it was made, and has {len(found.lines)}."
    elif head["line"] and found.lines[head["line"] - 1].sha256 != head["sha256"]:
        yield f"{name}: line {head['line']} of the audit log is not the one that stood there when it was made."


def verify_there(found: Checked, releases: Path) -> Verified:
    """Whether the releases that the log names are there; one whose run was killed may never have been.

    Args:
        found: What the log says.
        releases: The folder of all studies' releases.
    """
    said = [line.said for line in found.lines if line.said]
    ended = {one["run"] for one in said if one.get("event") == "end"}
    named = {f"{one['study']}/{one['release']}": one["run"] for one in said if one.get("event") == "release"}
    gone = {name: run for name, run in sorted(named.items()) if not (releases / name).is_dir()}
    return Verified(
        what=releases.name,
        checked=(f"{len(named)} releases of the audit log.",),
        differs=tuple(
            f"{name}: the audit log names it, and it is not there." for name, run in gone.items() if run in ended
        ),
        remarks=tuple(f"{name}: its run ended before it was there." for name, run in gone.items() if run not in ended),
    )
