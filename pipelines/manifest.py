"""The manifest of a release: what it was made from and with, and the SHA-256 of every file it is."""

import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.audit import Head, who
from pipelines.ingest import sha256
from pipelines.stamp import Stamp

MANIFEST = "manifest.json"
PACKAGES = (
    "altair",
    "crsight",
    "dagster",
    "duckdb",
    "fonttools",
    "great-expectations",
    "numpy",
    "polars",
    "polars-readstat",
    "pyarrow",
    "scipy",
    "sqlglot",
    "typst",
    "vl-convert-python",
    "xlsxturbo",
)


def write_manifest(
    folder: Path,
    study: str,
    transfers: Mapping[str, str],
    identity: Mapping[str, Any],
    made_by: tuple[Stamp, str],
    head: Head,
) -> None:
    """Write the manifest of the files in a folder.

    Args:
        folder: The release as it will be.
        study: Its study, or POOLED.
        transfers: By study, the transfer it was made from.
        identity: Inputs, overrides, settings, the release it is compared with, and the code.
        made_by: The run that made it, and the engine that made the tables of its models.
        head: The last line of the audit log; a log that is written anew later contradicts it.
    """
    stamp, engine = made_by
    manifest = {
        "study": study,
        "transfers": transfers,
        "identity": identity,
        "outputs": {path.relative_to(folder).as_posix(): sha256(path) for path in folder.rglob("*") if path.is_file()},
        "packages": packages(),
        "run": {"id": stamp.run_id, "by": who(), "at": stamp.at.isoformat(), "engine": engine},
        "audit": {"line": head.number, "sha256": head.sha256},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """What the manifest of a release says."""
    return json.loads((folder / MANIFEST).read_text())


def packages() -> dict[str, str]:
    """The versions of what a number or a byte of a release may depend on."""
    return {name: version(name) for name in PACKAGES} | {"python": platform.python_version()}
