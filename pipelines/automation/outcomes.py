"""The sensors that keep how each queued run ended, and tell people."""

from dataclasses import replace
from datetime import UTC, datetime

import dagster as dg
from dagster._core.storage.tags import WILL_RETRY_TAG

from pipelines.automation.settings import Automation
from pipelines.automation.transfers import CUT_TAG, Job
from pipelines.outcome import TELLING, outcome
from pipelines.ran import Ran
from pipelines.running import cut_of, keep
from pipelines.site import Site

ENDS = {
    dg.DagsterRunStatus.SUCCESS: "tell_of_releases",
    dg.DagsterRunStatus.FAILURE: "tell_of_failures",
    dg.DagsterRunStatus.CANCELED: "tell_of_cancelled_runs",
}


def outcome_sensors(site: Site, job: Job, automation: Automation) -> list[dg.SensorDefinition]:
    """A sensor for each way in which a run ends.

    They look at runs from outside, so that a run whose process is killed is told of too.
    """

    def told_of(status: dg.DagsterRunStatus, name: str) -> dg.SensorDefinition:
        @dg.run_status_sensor(
            run_status=status,
            name=name,
            monitored_jobs=[job],
            minimum_interval_seconds=automation.seconds,
            default_status=dg.DefaultSensorStatus.RUNNING,
            description="Keeps how a run ended for crsight status, and tells whom CRSIGHT_TELL names.",
        )
        def tell_of(context: dg.RunStatusSensorContext) -> None:
            run = context.dagster_run
            if run.tags.get(WILL_RETRY_TAG) == "true":
                return
            ran = _ended(site, context.instance, run)
            if status == dg.DagsterRunStatus.SUCCESS and not ran.released:
                # Somebody made a part of the line by hand.
                return
            context.instance.report_engine_event(f"{ran.outcome}: {ran.reason or ran.release}", run)
            trouble = keep(site, ran)
            if trouble:
                context.log.error(trouble)

        return tell_of

    return [told_of(status, name) for status, name in ENDS.items()]


def _ended(site: Site, instance: dg.DagsterInstance, run: dg.DagsterRun) -> Ran:
    study = run.tags["dagster/partition"]
    events = [entry.get_dagster_event() for entry in instance.all_logs(run.run_id, of_type=TELLING)]
    record = instance.get_run_record_by_id(run.run_id)
    at = datetime.fromtimestamp(record.end_time if record and record.end_time else 0, UTC)
    cut = run.tags.get(CUT_TAG) or cut_of(site, study)
    return replace(outcome(site, study, run.run_id, events), cut=cut, at=at.isoformat(timespec="seconds"))
