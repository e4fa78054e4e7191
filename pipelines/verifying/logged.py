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
    name = f"{folder.parent.name}/{folder.name}"
    differs = [*_unknown(name, folder, found, "release")] or [*_anew(name, read_manifest(folder)["audit"], found)]
    return Verified(what=name, checked=(f"{name} against the audit log.",), differs=differs)


def verify_open_logged(folder: Path, found: Checked) -> Verified:
    """Whether the log names the open release as it is.

    Args:
        folder: The open release.
        found: What the log says.
    """
    name = f"open/{folder.parent.name}/{folder.name}"
    differs = tuple(_unknown(name, folder, found, "open"))
    return Verified(what=name, checked=(f"{name} against the audit log.",), differs=differs)


def _unknown(name: str, folder: Path, found: Checked, event: str) -> Iterator[str]:
    """What is said of a release that the log does not know, or knows otherwise."""
    digest, known = sha256(folder / MANIFEST), {said["manifest"] for said in _of_release(found, folder, event)}
    if digest not in known:
        told = ", ".join(sorted(known)) or "no such release"
        yield f"{name}: {MANIFEST} has the SHA-256 {digest}; the audit log knows {told}."


def _of_release(found: Checked, folder: Path, event: str) -> Iterator[dict[str, Any]]:
    """What the log said when a release of this name was made."""
    about = (event, folder.parent.name, folder.name)
    said = (line.said for line in found.lines if line.said)
    return (one for one in said if (one.get("event"), one.get("study"), one.get("release")) == about)


def _anew(name: str, head: dict[str, Any], found: Checked) -> Iterator[str]:
    """What the manifest holds of the log as it was, against the log as it is."""
    if head["line"] > len(found.lines):
        yield f"{name}: the audit log had {head['line']} lines when it was made, and has {len(found.lines)}."
    elif head["line"] and found.lines[head["line"] - 1].sha256 != head["sha256"]:
        yield f"{name}: line {head['line']} of the audit log is not the one that stood there when it was made."


def verify_open_there(folder: Path, run: str, found: Checked) -> Verified:
    """That an open release is not there, which is no difference where its run was killed before it made it.

    Args:
        folder: Where it would be.
        run: The run that made the closed one.
        found: What the log says.
    """
    name = f"open/{folder.parent.name}/{folder.name}"
    if run in _ended(found):
        return Verified(what=name, checked=(), differs=(f"{name} is not there.",))
    remark = f"{name}: its run ended before it was there; the next run makes it."
    return Verified(what=name, checked=(), differs=(), remarks=(remark,))


def verify_there(found: Checked, releases: Path) -> Verified:
    """Whether the releases that the log names are there; one whose run was killed may never have been.

    Args:
        found: What the log says.
        releases: The folder of all studies' releases.
    """
    said = [line.said for line in found.lines if line.said]
    ended = _ended(found)
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


def _ended(found: Checked) -> set[str]:
    """The runs that were not killed."""
    return {line.said["run"] for line in found.lines if line.said and line.said.get("event") == "end"}
