"""The release that a run would make again: same files, same settings, same code."""

import json
from collections.abc import Callable
from pathlib import Path

from pipelines.changes import name_of_earlier
from pipelines.errors import Refused
from pipelines.ingest import sha256
from pipelines.members import members_of, transfer_of
from pipelines.release import code_version, current
from pipelines.site import Site
from pipelines.studies import StudyError, load_study, study_tables


def standing(site: Site, study: str) -> Path | None:
    """The newest release, when a run would only make it again; None when there is something to do.

    Args:
        site: Where the study and its releases are.
        study: Its name, or POOLED.
    """
    newest = current(site.release_folder(study))
    if newest is None or not site.warehouse.path(study).exists():
        return None
    try:
        return newest if is_of(newest, identity(site, study)) else None
    except (Refused, StudyError):
        # The run says why, and keeps it.
        return None


def is_of(release: Path, identity: dict[str, object]) -> bool:
    """Whether the release was made of just this."""
    return json.loads((release / "manifest.json").read_text())["identity"] == identity


def identity(site: Site, study: str, hashed: Callable[[Path], str] = sha256) -> dict[str, object]:
    """What ``release`` will call the identity, told from the files alone.

    Args:
        site: Where the study and its releases are.
        study: Its name, or POOLED.
        hashed: The SHA-256 of a file.

    Raises:
        Refused: If there is no complete transfer.
        StudyError: If a study's folder is not as it must be.
    """
    found = [transfer_of(site, member) for member in members_of(site, study)]
    cuts = [(load_study(site.studies / transfer.study), transfer.cut) for transfer in found]
    settings = study_tables(cuts)["study.settings"].select("studyid", "key", "value")
    pooled, cut = len(found) > 1, max(transfer.cut for transfer in found)
    return {
        "inputs": {
            f"{transfer.study}/{path.name}" if pooled else path.name: hashed(path)
            for transfer in found
            for path in transfer.files
        },
        "settings": {f"{studyid}.{key}": value for studyid, key, value in settings.iter_rows()},
        "cut": cut,
        "compared_with": name_of_earlier(site.release_folder(study), cut),
        "code_version": code_version(),
    }
