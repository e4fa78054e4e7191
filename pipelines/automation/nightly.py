"""The schedule that runs POOLED in the night, when there is something new to pool."""

import dagster as dg

from pipelines.assets import PARTITIONS
from pipelines.automation.due import Look, look
from pipelines.automation.hashes import Remembered
from pipelines.automation.settings import Automation
from pipelines.automation.transfers import CONTENT_TAG, Job, request
from pipelines.last_run import last_run
from pipelines.site import Site
from pipelines.studies import POOLED


def pooled_schedule(site: Site, job: Job, automation: Automation) -> dg.ScheduleDefinition:
    """The nightly run of POOLED; a night with nothing to do says why."""

    @dg.schedule(
        name="nightly_pooled",
        job=job,
        cron_schedule=automation.nightly,
        execution_timezone=automation.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Runs POOLED when its release was made of other transfers, settings or code.",
    )
    def nightly_pooled(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        found = look(site, POOLED, Remembered(site.home / "hashes" / f"{POOLED}.json"))
        if not found.content:
            return dg.SkipReason(found.why)
        if _was_refused(context.instance, site, found):
            return dg.SkipReason(f"{POOLED}: the same was refused before; crsight status says why.")
        context.instance.add_dynamic_partitions(PARTITIONS, [POOLED])
        return request(found)

    return nightly_pooled


def _was_refused(instance: dg.DagsterInstance, site: Site, found: Look) -> bool:
    """Whether the last run was of the same and refused; one that broke may go well tonight."""
    last = last_run(site, POOLED)
    if last is None or last.outcome != "refused":
        return False
    return bool(instance.get_runs(dg.RunsFilter(run_ids=[last.run_id], tags={CONTENT_TAG: found.content})))
