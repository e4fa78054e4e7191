"""How each study's last run went, kept in a file of the home."""

import json
import os

from pipelines.ran import Ran
from pipelines.site import Site


def last_run(site: Site, study: str) -> Ran | None:
    """How the study's last run went; None when there was none, or when the machine went down while it was written."""
    try:
        return Ran(**json.loads(site.last_run(study).read_text()))
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def keep_last_run(site: Site, ran: Ran) -> None:
    """Keep how a run went, unless a later one is kept already: queued runs are told of with some delay."""
    before = last_run(site, ran.study)
    if before and before.at > ran.at:
        return
    path = site.last_run(ran.study)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".tmp")
    beside.write_text(json.dumps(vars(ran)))
    os.replace(beside, path)
