"""What exists: the only file that Dagster opens."""

import dagster as dg

from pipelines.analyses import ANALYSES
from pipelines.assets import (
    analysis_asset,
    ard_asset,
    changes_asset,
    documents_asset,
    model_asset,
    release_asset,
    transfer_asset,
)
from pipelines.automation.holding import held
from pipelines.automation.lost import lost_sensor
from pipelines.automation.nightly import pooled_schedule
from pipelines.automation.outcomes import outcome_sensors
from pipelines.automation.settings import Automation, automation_from_environment
from pipelines.automation.transfers import Job, transfers_sensor
from pipelines.described import read_written
from pipelines.models import read_models
from pipelines.site import SQL, Site, site_from_environment

MODELS = read_models(SQL)
JOB = "everything"


def definitions(site: Site) -> dg.Definitions:
    """The assets of the whole line, from raw to release, and the job that makes them all for one study.

    For a run in this process, which has its study to itself.
    """
    return _line(site, dg.define_asset_job(JOB, selection=dg.AssetSelection.all()))


def automated(site: Site, automation: Automation) -> dg.Definitions:
    """The same for Dagster's daemon: each run locks its study, and what is due is run on its own."""
    job = dg.define_asset_job(JOB, selection=dg.AssetSelection.all())
    sensors = [transfers_sensor(site, job, automation), *outcome_sensors(site, job, automation), lost_sensor(site)]
    own = dg.Definitions(sensors=sensors, schedules=[pooled_schedule(site, job, automation)])
    return dg.Definitions.merge(_line(held(site), job), own)


def _line(site: Site | dg.ResourceDefinition, job: Job) -> dg.Definitions:
    written = {table.name: table for table in read_written(SQL)}
    ard = written["analysis.ard"]
    raw = sorted({name for model in MODELS for name in model.depends_on if name.startswith("raw.")})
    assets = [
        transfer_asset(raw, [*written, *(m.name for m in MODELS), *(f"analysis.{a.name}" for a in ANALYSES)]),
        *(model_asset(model) for model in MODELS),
        *(analysis_asset(analysis, ard) for analysis in ANALYSES),
        ard_asset(ard),
        changes_asset(written["analysis.changes"], written["analysis.compared"]),
        documents_asset(MODELS),
        release_asset(ard),
    ]
    return dg.Definitions(
        assets=assets,
        jobs=[job],
        resources={"site": site},
        # DuckDB takes one writing process, so the steps of a run share one.
        executor=dg.in_process_executor,
    )


defs = automated(site_from_environment(), automation_from_environment())
