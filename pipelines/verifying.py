"""Whether a release is as it was published."""

import json
from pathlib import Path

from pipelines import audit
from pipelines.errors import WrongUsage
from pipelines.ingest import sha256
from pipelines.site import Site

MANIFEST = "manifest.json"


def release_of(site: Site, named: str) -> Path:
    """The folder of a release.

    Args:
        site: Where the releases are.
        named: A study, whose newest release it is; study and release, such as ``MY-STUDY/2026-06-30``; or a folder.

    Raises:
        WrongUsage: If there is no such release.
    """
    study, _, release = named.partition("/")
    for folder in (site.release_folder(study) / (release or "current"), Path(named)):
        if (folder / MANIFEST).is_file():
            return folder.resolve()
    raise WrongUsage(
        f"{named} is no release in {site.home}, nor a folder with a {MANIFEST}; crsight status names them."
    )


def problems(site: Site, release: Path) -> list[str]:
    """What is wrong with a release, its open part and the audit log, a sentence each; empty when all is as it was.

    Args:
        site: Where the releases and the audit log are.
        release: Folder of the release.
    """
    opened = site.open_folder(release.parent.name) / release.name
    found = _of_files(release)
    if release.parent.parent == site.release_folder("").resolve():
        found += _of_files(opened) if (opened / MANIFEST).is_file() else [f"{opened}: there is no open release."]
        found += audit.problems(site.home) + _of_log(site, release)
    return found


def _of_files(folder: Path) -> list[str]:
    """Files that are missing, differ, or that the manifest does not know."""
    outputs = json.loads((folder / MANIFEST).read_text())["outputs"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    missing = (f"{folder}: {name} is missing." for name in sorted(outputs.keys() - there))
    more = (f"{folder}: {name} is not in the manifest." for name in sorted(there - outputs.keys()))
    known = sorted(outputs.keys() & there)
    other = (
        f"{folder}: {name} has changed since it was published." for name in known if _differs(folder, name, outputs)
    )
    return [*missing, *more, *other]


def _differs(folder: Path, name: str, outputs: dict[str, str]) -> bool:
    return sha256(folder / name) != outputs[name]


def _of_log(site: Site, release: Path) -> list[str]:
    """Whether the audit log names the release with the manifest that it has."""
    manifest = sha256(release / MANIFEST)
    if any((entry.said or {}).get("manifest_sha256") == manifest for entry in audit.entries(site.home)):
        return []
    return [f"{release}: the audit log names no release with this {MANIFEST}; one of the two was changed."]
