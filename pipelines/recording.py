"""What the audit log is told of a run: that it began, what was overridden, what was released, and how it ended."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipelines.audit import Entry, told_of
from pipelines.errors import Refused
from pipelines.ingest import sha256
from pipelines.members import transfers_of
from pipelines.ran import Ran
from pipelines.release import code_version
from pipelines.site import Site
from pipelines.standing import inputs_of
from pipelines.studies import StudyError
from pipelines.warehouse import rows


def record_begin(site: Site, study: str, run_id: str) -> None:
    """Tell the log that a run began, so that one that is killed is seen."""
    site.audit.append(Entry(event="begin", study=study, run=run_id, code_version=code_version()))


def record_overrides(db: duckdb.DuckDBPyConnection, site: Site, study: str, run_id: str) -> None:
    """Tell the log whose grades go beside those of the records, if any do.

    Args:
        db: The study's warehouse, its transfer arrived.
        site: Where the log is.
        study: Its name, or POOLED.
        run_id: The run.
    """
    overrides = dict(rows(db, "select studyid || '/' || file, sha256 from study.overrides order by all"))
    if overrides:
        [(grades, people)] = rows(db, "select count(*), count(distinct adjudicator) from study.adjudications")
        reason = f"adjudicated grades: {grades}; people who decided: {people}"
        site.audit.append(Entry(event="override", study=study, run=run_id, overrides=overrides, reason=reason))


def record_end(site: Site, ran: Ran) -> None:
    """Tell the log how a run ended: with its release, or with the inputs and the reason there is none."""
    about = _of_release(Path(ran.release)) if ran.released else _of_files(site, ran.study)
    # What a library says of a fault may quote data, and no line can be taken out of the log again.
    reason = ran.reason.split(":")[0] if ran.outcome == "broken" else ran.reason
    site.audit.append(Entry(event="end", study=ran.study, run=ran.run_id, outcome=ran.outcome, reason=reason, **about))


def _of_release(folder: Path) -> Mapping[str, Any]:
    manifest = folder / "manifest.json"
    identity = json.loads(manifest.read_text())["identity"]
    return {**told_of(identity), "release": folder.name, "manifest": sha256(manifest)}


def _of_files(site: Site, study: str) -> Mapping[str, Any]:
    try:
        return {"inputs": inputs_of(transfers_of(site, study)), "code_version": code_version()}
    except (Refused, StudyError, OSError):
        # The reason says what is wrong with the folder.
        return {"code_version": code_version()}
