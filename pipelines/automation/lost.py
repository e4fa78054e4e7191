"""Runs whose process is gone, such as after the machine went down.

They would count as under way for ever, and keep their study from being run.
"""

import json
import time

import dagster as dg

from pipelines.one_at_a_time import holder
from pipelines.site import Site

# Tells the runs of one home from those of others that are kept in the same DAGSTER_HOME.
HOME_TAG = "crsight/home"
LOOK_EVERY_SECONDS = 60
# A run locks its study within seconds after it began.
YOUNG_SECONDS = 60
UNDER_WAY = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
GONE = "The process of this run is gone without a word: the machine or the service was stopped, or it was killed."


def lost_sensor(site: Site) -> dg.SensorDefinition:
    """The sensor that ends such runs as failed; Dagster then starts them again."""

    @dg.sensor(
        name="lost_runs",
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Ends runs whose process is gone: they are under way, but nobody holds their study's lock.",
    )
    def lost_runs(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        # Seen twice: a run lets go of the lock a moment before its end is written.
        before = set(json.loads(context.cursor or "[]"))
        suspects = [run for run in _under_way(context.instance) if _seems_lost(site, context.instance, run)]
        lost = [run for run in suspects if run.run_id in before]
        for run in lost:
            context.instance.report_run_failed(run, GONE)
        seen = [run.run_id for run in suspects if run not in lost]
        return dg.SensorResult(cursor=json.dumps(seen), skip_reason=f"{len(lost)} ended, {len(seen)} suspected.")

    return lost_runs


def _under_way(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    return list(instance.get_runs(dg.RunsFilter(statuses=UNDER_WAY)))


def _seems_lost(site: Site, instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Whether the run is of this home, began a while ago, and nobody holds its study's lock."""
    study = run.tags.get("dagster/partition")
    is_ours = run.tags.get(HOME_TAG) == str(site.home)
    record = instance.get_run_record_by_id(run.run_id)
    began = record.start_time if record and record.start_time else time.time()
    return bool(study and is_ours and time.time() - began > YOUNG_SECONDS and not holder(site.lock(study)))
