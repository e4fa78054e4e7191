"""The release that a run would make again: same files, same settings, same code."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipelines.changes import name_of_earlier
from pipelines.errors import Refused
from pipelines.in_place import current
from pipelines.ingest import sha256
from pipelines.manifest import read_manifest
from pipelines.members import transfers_of
from pipelines.release import code_version
from pipelines.site import Site
from pipelines.studies import StudyError, Transfer, load_adjudicated, load_study, study_tables


def standing(site: Site, study: str) -> Path | None:
    """The newest release, when a run would only make it again; None when there is something to do.

    Args:
        site: Where the study and its releases are.
        study: Its name, or POOLED.
    """
    newest = current(site.release_folder(study))
    is_whole = newest is not None and (site.open_folder(study) / newest.name).exists()
    if newest is None or not is_whole or not site.warehouse.path(study).exists():
        return None
    try:
        return newest if is_of(newest, identity_of_files(site, study)) else None
    except (Refused, StudyError):
        # The run says why, and keeps it.
        return None


def is_of(release: Path, identity: dict[str, Any]) -> bool:
    """Whether the release was made of just this."""
    return read_manifest(release)["identity"] == identity


def identity_of_files(site: Site, study: str, hashed: Callable[[Path], str] = sha256) -> dict[str, Any]:
    """What ``release`` will call the identity, told from the files alone.

    Args:
        site: Where the study and its releases are.
        study: Its name, or POOLED.
        hashed: The SHA-256 of a file.

    Raises:
        Refused: If there is no complete transfer.
        StudyError: If a study's folder is not as it must be.
    """
    found = transfers_of(site, study)
    cuts = [(load_study(site.studies / transfer.study), transfer.cut) for transfer in found]
    adjudicated = load_adjudicated(site.studies, [study for study, _ in cuts])
    tables = study_tables(cuts, adjudicated)
    settings = tables["study.settings"].select("studyid", "key", "value")
    overrides = tables["study.overrides"].select("studyid", "file", "sha256")
    cut = max(transfer.cut for transfer in found)
    return {
        "inputs": inputs_of(found, hashed),
        "overrides": {f"{studyid}/{file}": digest for studyid, file, digest in overrides.iter_rows()},
        "settings": {f"{studyid}.{key}": value for studyid, key, value in settings.iter_rows()},
        "cut": cut,
        "compared_with": name_of_earlier(site.release_folder(study), cut),
        "code_version": code_version(),
    }


def inputs_of(transfers: Sequence[Transfer], hashed: Callable[[Path], str] = sha256) -> dict[str, str]:
    """The SHA-256 of every file, by its name; with the study before it when several are pooled."""
    return {
        f"{transfer.study}/{path.name}" if len(transfers) > 1 else path.name: hashed(path)
        for transfer in transfers
        for path in transfer.files
    }
