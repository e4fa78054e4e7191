"""Run the whole line for a study, unless its release is what a run would make, and keep how it went."""

import json

from pipelines.ran import Ran
from pipelines.recording import record_end
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
    # Only now, for Dagster takes seconds to load.
    from pipelines.execution import execute

    return _kept(site, execute(site, study))


def _kept(site: Site, ran: Ran) -> Ran:
    """The run, once how it went is kept for ``crsight status`` and in the audit log."""
    path = site.last_run(ran.study)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(vars(ran)))
    record_end(site, ran)
    return ran
