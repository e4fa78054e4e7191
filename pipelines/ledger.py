"""What of a transfer was read and what was written of it, by SHA-256, so that a change or damage is seen."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.errors import Refused
from pipelines.machine import tell_mended
from pipelines.studies import Transfer

# Raised when the raw layer is written differently, so that it is written again.
RAW_VERSION = 2
LEDGER = "ingested.json"


def sha256(path: Path) -> str:
    """The SHA-256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_of(transfer: Transfer, home: Path) -> Path:
    """Where the raw layer of a transfer lies."""
    return home / "raw" / transfer.study / transfer.cut


def unchanged_ledger(transfer: Transfer, home: Path, now: Mapping[str, str] | None = None) -> dict[str, Any] | None:
    """The ledger of a transfer that is as it was when ingested; None when it was not ingested before.

    Args:
        transfer: The transfer.
        home: The folder that holds ``raw/``.
        now: The SHA-256 of each file, if known already.

    Raises:
        Refused: If a file changed, came or went, naming both hashes.
    """
    ledger = _ledger(folder_of(transfer, home) / LEDGER)
    if ledger is None:
        return None
    known = {file["file"]: file["sha256"] for file in ledger["files"]}
    now = now or {path.name: sha256(path) for path in transfer.files}
    for name in sorted(known.keys() | now.keys()):
        if known.get(name) != now.get(name):
            raise Refused(
                f"{transfer.study}, transfer {transfer.cut}: {name} changed after it was ingested "
                f"(SHA-256 was {known.get(name, 'absent')}, is {now.get(name, 'absent')}); "
                "a complete transfer is never changed: deliver a new one."
            )
    return ledger


def stands(folder: Path, ledger: Mapping[str, Any]) -> bool:
    """Whether the raw layer is as it was written, and as it would be written now; damage is told.

    Args:
        folder: Of the raw layer.
        ledger: What was written there.
    """
    if ledger["raw_version"] != RAW_VERSION:
        return False
    damaged = [name for name, digest in ledger["written"].items() if _sha256_or_absent(folder / name) != digest]
    if damaged:
        tell_mended(f"{folder}: {', '.join(damaged)}; read again from the transfer.")
    return not damaged


def refuse_changed(transfer: Transfer, hashes: Mapping[str, str]) -> None:
    """Nothing, when the files are still as they were.

    Args:
        transfer: Just read.
        hashes: The SHA-256 of each file before that.

    Raises:
        Refused: If one was changed meanwhile, naming both hashes.
    """
    for path in transfer.files:
        now = _sha256_or_absent(path)
        if now != hashes[path.name]:
            raise Refused(
                f"{transfer.study}, transfer {transfer.cut}: {path.name} changed while it was read "
                f"(SHA-256 was {hashes[path.name]}, is {now}); write _COMPLETE last, and run it again."
            )


def write_ledger(folder: Path, files: Sequence[Mapping[str, Any]]) -> None:
    """Write down what was read into a folder, whole or not at all.

    Args:
        folder: Of the raw layer, its Parquet files written.
        files: What was read, as JSON can say it.
    """
    written = {path.name: sha256(path) for path in sorted(folder.glob("*.parquet"))}
    beside = (folder / LEDGER).with_suffix(".tmp")
    with beside.open("w") as file:
        json.dump({"raw_version": RAW_VERSION, "files": files, "written": written}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, folder / LEDGER)


def _ledger(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text())
    except ValueError:
        tell_mended(f"{path}; the transfer is read again.")
        return None


def _sha256_or_absent(path: Path) -> str:
    return sha256(path) if path.is_file() else "absent"
