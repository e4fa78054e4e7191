"""One entry of the audit log, and the line that it is written as."""

import getpass
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

# What the first line has in place of the hash of the line before.
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What happened to a study.

    Args:
        event: begin (a run), override (grades adjudicated by people go in), release, open (its open release), or end.
        study: Its name, or POOLED.
        run: The run; empty where nothing had to be run.
        outcome: Of an end: released, refused (the data) or broken (the program).
        reason: Why.
        cut: The data cut.
        inputs: SHA-256 by file, as far as they could be read.
        overrides: SHA-256 by file of adjudicated grades.
        settings: SHA-256 of the settings in force, as ``settings_hash`` makes it.
        code_version: Version of the program.
        release: Name of the release, such as 2026-06-30.
        manifest: SHA-256 of its manifest.json.
    """

    event: str
    study: str
    run: str
    outcome: str = ""
    reason: str = ""
    cut: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    code_version: str = ""
    release: str = ""
    manifest: str = ""

    def line(self, *, before: str, number: int) -> bytes:
        """The entry as a line, with the hash of the line before, its number, and who writes it when.

        What is empty is left out.
        """
        when = datetime.now(UTC).isoformat(timespec="seconds")
        about = {"before": before, "number": number, "at": when, "by": who()}
        told = {name: value for name, value in asdict(self).items() if value}
        return json.dumps({**about, **told}, separators=(",", ":")).encode()


def line_hash(line: bytes) -> str:
    """The SHA-256 of a line without its end."""
    return hashlib.sha256(line).hexdigest()


def settings_hash(settings: Mapping[str, str | None]) -> str:
    """The SHA-256 of settings, as ``jq -cS .identity.settings manifest.json | sha256sum`` makes it."""
    text = json.dumps(settings, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{text}\n".encode()).hexdigest()


def told_of(identity: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry tells of a release's identity, as its manifest has it."""
    return {
        "cut": identity["cut"],
        "inputs": identity["inputs"],
        "overrides": identity["overrides"],
        "settings": settings_hash(identity["settings"]),
        "code_version": identity["code_version"],
    }


def who() -> str:
    """The name of the account that runs the program."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # Within a container the account may have a number and no name.
        return f"user {os.getuid()}"
