"""Run the whole line for a study, unless its release is what a run would make, and keep how it went."""

import json
from pathlib import Path

import duckdb

from pipelines import audit
from pipelines.ingest import sha256
from pipelines.machine import fault_of_machine, is_damage, tell_mended
from pipelines.ran import Ran
from pipelines.site import Site
from pipelines.standing import standing


def run_study(site: Site, study: str) -> Ran:
    """Everything from the transfer to the release of one study.

    Args:
        site: Where the study and the results are.
        study: Its name, or POOLED.

    Returns:
        ``outcome`` is released, refused (the data) or broken (the program), with the reason. Nothing is run when the
        newest release is what a run would make.
    """
    stands = standing(site, study)
    if stands is not None:
        return _kept(site, Ran(study=study, outcome="released", reason="unchanged", release=str(stands), run_id=""))
    return _kept(site, _executed(site, study))


def _executed(site: Site, study: str) -> Ran:
    """How the run went; a second one when the first found the warehouse damaged, for all in it can be made anew."""
    ran = _tried(site, study)
    if ran.outcome != "broken" or not is_damage(ran.reason):
        return ran
    aside = site.warehouse.set_aside(study)
    damage = ran.reason.splitlines()[0]
    tell_mended(f"{site.warehouse.path(study)} ({damage}); made anew, and the damaged one is {aside.name}.")
    return _tried(site, study)


def _tried(site: Site, study: str) -> Ran:
    # Only now, for Dagster takes seconds to load.
    from pipelines.execution import execute

    try:
        return execute(site, study)
    except duckdb.Error as error:
        # The warehouse cannot even be opened.
        reason = fault_of_machine(str(error)) or str(error)
        return Ran(study=study, outcome="broken", reason=reason, release="", run_id="")


def _kept(site: Site, ran: Ran) -> Ran:
    """The run, once how it went is kept for ``crsight status``."""
    audit.append(site.home, what="run", **_audited(ran))
    path = site.last_run(ran.study)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(vars(ran)))
    return ran


def _audited(ran: Ran) -> dict[str, str]:
    """The run for the audit log; inputs, settings and code are in the manifest, whose hash it has."""
    manifest = Path(ran.release) / "manifest.json"
    return {**vars(ran), "manifest_sha256": sha256(manifest) if ran.released else ""}
