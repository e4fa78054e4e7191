"""Whether a study is due: there is a complete transfer that its newest release is not made of."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import Refused
from pipelines.in_place import current
from pipelines.ingest import sha256
from pipelines.one_at_a_time import holder
from pipelines.release import code_version
from pipelines.site import Site
from pipelines.standing import identity_of_files, is_of


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a look at a study found.

    ``content`` is the same for the same files, settings, code and newest release; empty when nothing is due, and then
    ``why`` says why.
    """

    study: str
    why: str = ""
    cut: str = ""
    content: str = ""
    stands: str = ""

    @property
    def key(self) -> str:
        """What a run of this is known by, so that the same thing is run once."""
        return f"{self.study}-{self.content}"


def look(site: Site, study: str, hashed: Callable[[Path], str] = sha256) -> Look:
    """What a study waits for.

    Args:
        site: Where the study and its releases are.
        study: Its name, or POOLED.
        hashed: The SHA-256 of a file.

    Returns:
        What is due. A study whose folder or settings are wrong is due too: its run is refused, and so says why to
        everybody that a run speaks to. It does not stop other studies.
    """
    at_work = holder(site.lock(study))
    if at_work:
        return Look(study=study, why=f"{study}: a run is under way {at_work}.")
    newest = current(site.release_folder(study))
    try:
        found = identity_of_files(site, study, hashed)
        if newest and is_of(newest, found):
            return Look(study=study, stands=str(newest), why=f"{study}: {newest.name} stands.")
    except Refused as error:
        return Look(study=study, why=str(error))
    except Exception as error:  # whatever it is, the run will say it
        found = {"cut": "", "problem": f"{type(error).__name__}: {error}", "code_version": code_version()}
    # Settings that were changed and changed back are due again, since a release lies between.
    content = json.dumps([found, newest and newest.name], sort_keys=True)
    return Look(study=study, cut=str(found["cut"]), content=hashlib.sha256(content.encode()).hexdigest()[:16])
