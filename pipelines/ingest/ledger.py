"""What of a transfer was read and what was written of it, by SHA-256, so that a change or damage is seen."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.errors import Refused
from pipelines.ingest.cut import Ingested, ingested_of
from pipelines.machine import tell_mended
from pipelines.studies import Transfer

# Raised when the raw layer is written differently, so that it is written again.
RAW_VERSION = 3
LEDGER, HALFWAY = "ingested.json", "ingesting.json"


def sha256(path: Path) -> str:
    """The SHA-256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_of(transfer: Transfer, home: Path) -> Path:
    """Where the raw layer of a transfer lies."""
    return home / "raw" / transfer.study / transfer.cut


def unchanged_ledger(
    transfer: Transfer, home: Path, hashes: Callable[[], Mapping[str, str]] | None = None
) -> dict[str, Any] | None:
    """The ledger of a transfer that is as it was when ingested; None when it was not ingested before.

    Args:
        transfer: The transfer.
        home: The folder that holds ``raw/``.
        hashes: Gives the SHA-256 of each file, if they are worked out already.

    Raises:
        Refused: If a file changed, came or went, naming both hashes.
    """
    ledger = _ledger(folder_of(transfer, home) / LEDGER)
    if ledger is None:
        return None
    known = {file["file"]: file["sha256"] for file in ledger["files"]}
    now = hashes() if hashes else {path.name: sha256(path) for path in transfer.files}
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
    damaged = [name for name, digest in ledger["written"].items() if sha256_or_absent(folder / name) != digest]
    if damaged:
        tell_mended(f"{folder}: {', '.join(damaged)}; read again from the transfer.")
    return not damaged


def write_ledger(folder: Path, files: Sequence[Ingested], written: Mapping[str, str]) -> None:
    """Write down that a whole transfer was read into a folder, or not at all.

    Args:
        folder: Of the raw layer, its Parquet files written.
        files: What was read.
        written: The SHA-256 of each Parquet file.
    """
    _write(folder / LEDGER, files, written)
    (folder / HALFWAY).unlink(missing_ok=True)


def write_halfway(folder: Path, files: Sequence[Ingested], written: Mapping[str, str]) -> None:
    """Write down which files were read so far, so that a run that comes after one that was stopped need not again."""
    _write(folder / HALFWAY, files, written)


def read_halfway(folder: Path) -> dict[str, tuple[Ingested, str]]:
    """By file that was read whole before its run was stopped: what it was, and its Parquet's SHA-256."""
    found = _ledger(folder / HALFWAY)
    if found is None or found["raw_version"] != RAW_VERSION:
        return {}
    files = [ingested_of(entry) for entry in found["files"]]
    kept = {file.file: (file, found["written"][file.parquet]) for file in files}
    return {name: one for name, one in kept.items() if sha256_or_absent(folder / one[0].parquet) == one[1]}


def sha256_or_absent(path: Path) -> str:
    """The SHA-256 of the file's bytes, or that there is no file."""
    return sha256(path) if path.is_file() else "absent"


def _write(path: Path, files: Sequence[Ingested], written: Mapping[str, str]) -> None:
    beside = path.with_suffix(".tmp")
    with beside.open("w") as file:
        told = [asdict(one) for one in files]
        json.dump({"raw_version": RAW_VERSION, "files": told, "written": written}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def _ledger(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text())
    except ValueError:
        tell_mended(f"{path}; the transfer is read again.")
        return None
