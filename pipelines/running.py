"""Run the whole line for a study, unless its release is what a run would make, and keep how it went."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.errors import Busy, Refused
from pipelines.last_run import keep_last_run
from pipelines.machine import fault_of_machine, is_damage, tell_mended
from pipelines.members import members_of, transfer_of
from pipelines.one_at_a_time import alone
from pipelines.ran import Ran
from pipelines.recording import record_end
from pipelines.site import Site
from pipelines.standing import standing
from pipelines.studies import StudyError
from pipelines.telling import tell, telling_from_environment


def run_study(site: Site, study: str) -> Ran:
    """Everything from the transfer to the release of one study.

    Args:
        site: Where the study and the results are.
        study: Its name, or POOLED.

    Returns:
        ``outcome`` is released, refused (the data), broken (the program) or busy (another run has it in hand), with the
        reason. Nothing is run when the newest release is what a run would make.
    """
    try:
        with alone(site.lock(study)):
            cut = cut_of(site, study)
            ran = replace(_run(site, study), cut=cut)
            trouble = keep(site, ran)
    except Busy as error:
        return Ran(study=study, outcome="busy", reason=str(error), release="", run_id="")
    if trouble:
        print(trouble, file=sys.stderr)
    return ran


def keep(site: Site, ran: Ran) -> str:
    """Keep how a run went for ``crsight status`` and in the audit log, tell people, and say what went wrong in that."""
    keep_last_run(site, ran)
    record_end(site, ran)
    return tell(telling_from_environment(), ran)


def unchanged(study: str, release: Path) -> Ran:
    """The run that was not needed, for the release stands."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Ran(study=study, outcome="released", reason="unchanged", release=str(release), run_id="", at=now)


def cut_of(site: Site, study: str) -> str:
    """The cut that a run of the study is of; empty when that cannot be said."""
    try:
        return max(transfer_of(site, member).cut for member in members_of(site, study))
    except (Refused, StudyError):
        return ""


def _run(site: Site, study: str) -> Ran:
    stands = standing(site, study)
    if stands is not None:
        return unchanged(study, stands)
    ran = _executed(site, study)
    if ran.outcome != "broken" or not is_damage(ran.reason):
        return ran
    # All that is in the warehouse can be made anew.
    aside, damage = site.warehouse.set_aside(study), ran.reason.splitlines()[0]
    tell_mended(f"{site.warehouse.path(study)} ({damage}); made anew, and the damaged one is {aside.name}.")
    return _executed(site, study)


def _executed(site: Site, study: str) -> Ran:
    # Only now, for Dagster takes seconds to load.
    from pipelines.execution import execute

    try:
        return execute(site, study)
    except duckdb.Error as error:
        # The warehouse cannot even be opened.
        reason, now = fault_of_machine(str(error)) or str(error), datetime.now(UTC).isoformat(timespec="seconds")
        return Ran(study=study, outcome="broken", reason=reason, release="", run_id="", at=now)
