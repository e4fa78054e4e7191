"""The sensor that picks up a complete transfer and queues its study."""

from pathlib import Path

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition as Job

from pipelines.assets import PARTITIONS
from pipelines.automation.due import Look, look
from pipelines.automation.hashes import Remembered
from pipelines.automation.settings import Automation
from pipelines.last_run import keep_last_run, last_run
from pipelines.running import unchanged
from pipelines.site import Site
from pipelines.studies import StudyError, study_names

CUT_TAG = "crsight/cut"
CONTENT_TAG = "crsight/content"
# A run whose process was ended begins anew: what its steps had made is not to be trusted.
FROM_THE_START = {"dagster/retry_strategy": "ALL_STEPS"}


def transfers_sensor(site: Site, job: Job, automation: Automation) -> dg.SensorDefinition:
    """The sensor that queues every study that is due, once for the same files, settings and code."""

    @dg.sensor(
        name="new_transfers",
        job=job,
        minimum_interval_seconds=automation.seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Queues a study whose release was made of other files, settings or code.",
    )
    def new_transfers(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        try:
            names = study_names(site.studies)
        except StudyError as error:
            return dg.SensorResult(skip_reason=str(error))
        looks = [look(site, study, Remembered(site.home / "hashes" / f"{study}.json")) for study in names]
        for found in looks:
            _say_that_it_stands(site, found)
        due = [found for found in looks if found.content]
        context.instance.add_dynamic_partitions(PARTITIONS, [found.study for found in due])
        return dg.SensorResult(
            run_requests=[request(found) for found in due],
            skip_reason=None if due else "\n".join(found.why for found in looks) or "There are no studies.",
        )

    return new_transfers


def request(found: Look) -> dg.RunRequest:
    """The run of what is due."""
    tags = {CUT_TAG: found.cut, CONTENT_TAG: found.content, **FROM_THE_START}
    return dg.RunRequest(run_key=found.key, partition_key=found.study, tags=tags)


def _say_that_it_stands(site: Site, found: Look) -> None:
    """Take back a refusal whose cause was undone, for no run will come to do so."""
    last = last_run(site, found.study)
    if found.stands and last and not last.released:
        keep_last_run(site, unchanged(found.study, Path(found.stands)))
