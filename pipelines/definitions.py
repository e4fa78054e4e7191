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
from pipelines.described import read_written
from pipelines.models import read_models
from pipelines.site import SQL, Site, site_from_environment

MODELS = read_models(SQL)
JOB = "everything"


def definitions(site: Site) -> dg.Definitions:
    """The assets of the whole line, from raw to release, and the job that makes them all for one study."""
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
        jobs=[dg.define_asset_job(JOB, selection=dg.AssetSelection.all())],
        resources={"site": site},
        # DuckDB takes one writing process, so the steps of a run share one.
        executor=dg.in_process_executor,
    )


defs = definitions(site_from_environment())
