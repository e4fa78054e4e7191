"""Whether a release is whole, told from its manifest alone."""

import hashlib
import json
from pathlib import Path


def releases_in(folder: Path) -> list[Path]:
    """The releases of a study; what is being made has a name that begins with a dot."""
    return [path for path in folder.glob("[!.]*") if path.is_dir() and not path.is_symlink()]


def not_as_published(folder: Path) -> list[str]:
    """What is wrong with the files of a release."""
    path = folder / "manifest.json"
    if not path.is_file():
        return [f"{folder}: no manifest.json"]
    outputs = json.loads(path.read_text())["outputs"]
    there = {p.relative_to(folder).as_posix(): sha256(p) for p in folder.rglob("*") if p.is_file() and p != path}
    return [] if there == outputs else [f"{folder}: not the files of its manifest"]


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
