"""The whole line for a study through Dagster's own execution, and why it did not end when it did not."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import duckdb
from dagster_shared.error import SerializableErrorInfo

from pipelines.assets import PARTITIONS
from pipelines.definitions import JOB, definitions
from pipelines.errors import Refused
from pipelines.formats import FormatError
from pipelines.in_place import current
from pipelines.machine import fault_of_machine
from pipelines.ran import Ran
from pipelines.site import Site
from pipelines.studies import StudyError

SUBJECTS = ("usubjid", "subjid")
FINDING = "select failing, examples from quality.findings where table_name = ? and rule = ?"
# What these say is about the data, and is said to people as it stands; anything else is a fault of the program.
ABOUT_THE_DATA = {kind.__name__ for kind in (Refused, FormatError, StudyError)}


def execute(site: Site, study: str) -> Ran:
    """How the run of everything from the transfer to the release went.

    Args:
        site: Where the study and the results are.
        study: Its name, or POOLED.
    """
    with _instance() as instance, site.warehouse.keep_open(study):
        instance.add_dynamic_partitions(PARTITIONS, [study])
        job = definitions(site).resolve_job_def(JOB)
        result = job.execute_in_process(
            partition_key=study,
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    return _ran(site, study, result)


def _ran(site: Site, study: str, result: dg.ExecuteInProcessResult) -> Ran:
    if result.success:
        release = current(site.release_folder(study))
        return Ran(study=study, outcome="released", reason="", release=str(release), run_id=result.run_id)
    outcome, reason = _why(site, study, result)
    return Ran(study=study, outcome=outcome, reason=reason, release="", run_id=result.run_id)


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
    errors = [e.step_failure_data.error for e in result.all_node_events if e.is_step_failure]
    for error in filter(None, errors):
        about_data = next((cause for cause in _causes(error) if cause.cls_name in ABOUT_THE_DATA), None)
        if about_data:
            return "refused", about_data.message.split(": ", 1)[-1].strip()
        reason = list(_causes(error))[-1].message.strip()
        return "broken", fault_of_machine(reason) or reason
    return "broken", "the run failed without saying why; run it again with -v"


def _causes(error: SerializableErrorInfo) -> Iterator[SerializableErrorInfo]:
    """The error and what caused it, outermost first."""
    cause: SerializableErrorInfo | None = error
    while cause:
        yield cause
        cause = cause.cause


def _broken_rules(site: Site, study: str, result: dg.ExecuteInProcessResult) -> list[str]:
    failed = [
        e for e in result.get_asset_check_evaluations() if not e.passed and e.severity == dg.AssetCheckSeverity.ERROR
    ]
    if not failed:
        return []
    with duckdb.connect(site.warehouse.path(study), read_only=True) as db:
        return [
            f"{study}: {table}: {rule} is broken by {failing} rows; the first are {_without_subjects(examples)}. "
            "They are whole in quality.findings of the study's warehouse."
            for table, rule in ((".".join(e.asset_key.path), e.check_name) for e in failed)
            for failing, examples in db.execute(FINDING, [table, rule]).fetchall()
        ]


def _without_subjects(examples: str) -> str:
    """The examples as printed: no subject identifier leaves the study's file."""
    rows = [{k: v for k, v in row.items() if k.lower() not in SUBJECTS} for row in json.loads(examples)[:3]]
    return json.dumps(rows, default=str)
