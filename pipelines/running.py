"""Run the whole line for a study through Dagster's own execution, and say how it went."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import dagster as dg
import duckdb

from pipelines.assets import STUDIES
from pipelines.definitions import JOB, definitions
from pipelines.errors import Refused
from pipelines.formats import FormatError
from pipelines.release import current
from pipelines.site import Site
from pipelines.studies import StudyError

# The folder in the home that keeps how each study's last run went.
LAST_RUN = "last_run"
# What these say is about the data, and is said to people as it stands; anything else is a fault of the program.
ABOUT_THE_DATA = (Refused, FormatError, StudyError)


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a run of one study went."""

    study: str
    outcome: str
    reason: str
    release: str
    run_id: str

    def line(self) -> str:
        """The run for people: where the results are, or why there are none."""
        if self.released:
            return f"{self.study}: {self.release}/report-closed.html"
        return f"{self.study}: {self.outcome}: {self.reason}"

    @property
    def released(self) -> bool:
        """Whether a release now stands for what was asked."""
        return self.outcome == "released"


def run_study(site: Site, study: str) -> Ran:
    """Everything from the transfer to the release of one study.

    Args:
        site: Where the study and the results are.
        study: Its name, or POOLED.

    Returns:
        ``outcome`` is released, refused (the data) or broken (the program), with the reason.
    """
    with _instance() as instance:
        instance.add_dynamic_partitions(STUDIES.name, [study])
        job = definitions(site).resolve_job_def(JOB)
        result = job.execute_in_process(
            partition_key=study,
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    ran = _ran(site, study, result)
    _remember(site, ran)
    return ran


def _ran(site: Site, study: str, result: dg.ExecuteInProcessResult) -> Ran:
    if result.success:
        release = current(site.release_folder(study))
        return Ran(study=study, outcome="released", reason="", release=str(release), run_id=result.run_id)
    outcome, reason = _why(site, study, result)
    return Ran(study=study, outcome=outcome, reason=reason, release="", run_id=result.run_id)


def _remember(site: Site, ran: Ran) -> None:
    """Keep how the last run went, for ``crsight status``."""
    path = site.home / LAST_RUN / f"{ran.study}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(vars(ran)))


@contextmanager
def _instance() -> Iterator[dg.DagsterInstance]:
    """The instance that DAGSTER_HOME names, so that the web UI shows the run; else one that is gone afterwards."""
    if os.environ.get("DAGSTER_HOME"):
        with dg.DagsterInstance.get() as instance:
            yield instance
    else:
        with dg.DagsterInstance.ephemeral() as instance:
            yield instance


def _why(site: Site, study: str, result: dg.ExecuteInProcessResult) -> tuple[str, str]:
    broken_rules = _broken_rules(site, study, result)
    if broken_rules:
        return "refused", "\n".join(broken_rules)
    names = {kind.__name__ for kind in ABOUT_THE_DATA}
    for event in result.all_node_events:
        if event.is_step_failure and event.step_failure_data.error:
            error = event.step_failure_data.error
            while error.cause:
                error = error.cause
            message = error.message.split(": ", 1)[-1].strip()
            return (
                ("refused", message)
                if error.cls_name in names
                else ("broken", f"{event.step_key}: {error.message.strip()}")
            )
    return "broken", "the run failed without saying why; run it again with -v"


def _broken_rules(site: Site, study: str, result: dg.ExecuteInProcessResult) -> list[str]:
    failed = [
        e
        for e in result.get_asset_check_evaluations()
        if not e.passed and e.severity == dg.AssetCheckSeverity.ERROR
    ]
    if not failed:
        return []
    with duckdb.connect(site.warehouse.path(study), read_only=True) as db:
        query = "select rule, failing, examples from quality.findings where table_name = ? and rule = ?"
        return [
            f"{study}: {'.'.join(e.asset_key.path)}: {rule} is broken by {failing} rows; the first are {examples}"
            for e in failed
            for rule, failing, examples in db.execute(
                query, [".".join(e.asset_key.path), e.check_name]
            ).fetchall()
        ]
