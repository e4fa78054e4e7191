"""A closed release as one file that only the holders of given keys can open: a tar, encrypted as age does it."""

import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipelines.errors import WrongUsage

INSTALL = 'sealing needs pyrage, which is not installed; install it: pip install "crsight[seal]"'
EXPECTED = "a public key of age (age1...) or of ssh (ssh-ed25519 or ssh-rsa)"


def seal(release: Path, folder: Path, keys: Path) -> Path:
    """Where the sealed release lies, in place of an earlier one of the same name.

    Args:
        release: The closed release.
        folder: Where the study's sealed releases lie.
        keys: A file of public keys, one a line; ``#`` begins a comment.

    Raises:
        WrongUsage: If the file holds no key, or a line that is none, or pyrage is not installed.
    """
    recipients = recipients_of(keys)
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{release.name}.making"
    # What is not sealed yet stays where only the owner can read it.
    with TemporaryDirectory(dir=release.parent, prefix=".sealing-") as place:
        plain = Path(place) / "release.tar"
        with tarfile.open(plain, "w") as tar:
            tar.add(release, arcname=f"{release.parent.name}/{release.name}")
        _library().encrypt_file(str(plain), str(beside), recipients)
    target = sealed_name(folder, release)
    os.replace(beside, target)
    return target


def sealed_name(folder: Path, release: Path) -> Path:
    """What the sealed release is called."""
    return folder / f"{release.name}.tar.age"


def recipients_of(keys: Path) -> list[Any]:
    """The public keys in a file.

    Raises:
        WrongUsage: If the file holds no key, or a line that is none, or pyrage is not installed.
    """
    try:
        lines = keys.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(f"{keys}: no file of public keys that can be read: {error}.") from error
    found = [_recipient(keys, number, line) for number, line in enumerate(lines, start=1) if _says(line)]
    if not found:
        raise WrongUsage(f"{keys}: no public key in it; write one a line: {EXPECTED}.")
    return found


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _recipient(keys: Path, number: int, line: str) -> Any:
    pyrage = _library()
    kind: Callable[[str], Any] = pyrage.ssh.Recipient.from_str if "ssh-" in line else pyrage.x25519.Recipient.from_str
    try:
        return kind(line.strip())
    except pyrage.RecipientError as error:
        # The line is not printed: a secret key may have been put there by mistake.
        raise WrongUsage(f"{keys}: line {number} is no public key; expected {EXPECTED}.") from error


def _library() -> Any:
    try:
        import pyrage
    except ImportError as error:
        raise WrongUsage(INSTALL) from error
    return pyrage
