"""The release that a run would make again: same files, same settings, same code."""

import json
from pathlib import Path

from pipelines.changes import name_of_earlier
from pipelines.errors import Refused
from pipelines.in_place import current
from pipelines.ingest import sha256
from pipelines.members import members_of, transfer_of
from pipelines.release import code_version
from pipelines.site import Site
from pipelines.studies import StudyError, load_study, study_tables


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
        would_be = _identity(site, study)
    except (Refused, StudyError):
        # The run says why, and keeps it.
        return None
    return newest if json.loads((newest / "manifest.json").read_text())["identity"] == would_be else None


def _identity(site: Site, study: str) -> dict[str, object]:
    """What ``release`` will call the identity, told from the files alone."""
    found = [transfer_of(site, member) for member in members_of(site, study)]
    cuts = [(load_study(site.studies / transfer.study), transfer.cut) for transfer in found]
    settings = study_tables(cuts)["study.settings"].select("studyid", "key", "value")
    pooled, cut = len(found) > 1, max(transfer.cut for transfer in found)
    return {
        "inputs": {
            f"{transfer.study}/{path.name}" if pooled else path.name: sha256(path)
            for transfer in found
            for path in transfer.files
        },
        "settings": {f"{studyid}.{key}": value for studyid, key, value in settings.iter_rows()},
        "cut": cut,
        "compared_with": name_of_earlier(site.release_folder(study), cut),
        "code_version": code_version(),
    }
