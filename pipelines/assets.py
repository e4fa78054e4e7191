"""Factories: a transfer, a model, an analysis, a report and a release, each as a Dagster asset.

The only room beside ``definitions.py`` that knows Dagster. What an asset does is told elsewhere; here is only how it
hangs together.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import polars as pl

from pipelines import quality
from pipelines.analyses import ANALYSES, Analysis, Context, ard_rows
from pipelines.arrival import arrive
from pipelines.automation.retrying import trying_again
from pipelines.changes import READS, write_changes
from pipelines.described import Described
from pipelines.ingest import ingest
from pipelines.material import material, open_material
from pipelines.members import transfer_of
from pipelines.models import Model
from pipelines.release import publish
from pipelines.site import Site
from pipelines.warehouse import build, describe, frame, insert, rows
from reports.documents import DOCUMENTS, Document

PARTITIONS = "study"
STUDIES = dg.DynamicPartitionsDefinition(name=PARTITIONS)
# Schemas that are not assets: reference rows come with the code, study and quality rows with the transfer.
_NOT_ASSETS = ("reference.", "study.", "quality.")


def transfer_asset(tables: Sequence[str]) -> dg.AssetsDefinition:
    """The raw layer of a study: one asset per domain that models read, filled together."""
    specs = [
        dg.AssetSpec(_key(table), group_name="raw", description=f"{table}: as received, without quarantined rows.")
        for table in tables
    ]

    @dg.multi_asset(name="transfer", specs=specs, partitions_def=STUDIES, required_resource_keys={"site"})
    def transfer(context: dg.AssetExecutionContext):
        site: Site = context.resources.site
        site.say("transfer")
        with trying_again(context):
            kept = arrive(site, context.partition_key)
        for table in tables:
            domain = table.split(".")[1].upper()
            yield dg.MaterializeResult(asset_key=_key(table), metadata={"dagster/row_count": kept.get(domain, 0)})

    return transfer


def model_asset(model: Model) -> dg.AssetsDefinition:
    """The table of one SQL model, built and held against its rules in one step."""
    key = _key(model.name)

    @dg.asset(
        key=key,
        deps=_upstream(model),
        group_name=model.layer,
        description=f"{model.description}\n\nGrain: {model.grain}.",
        code_version=hashlib.sha256(model.sql.encode()).hexdigest()[:12],
        check_specs=[_check_spec(rule, key) for rule in model.rules],
        partitions_def=STUDIES,
        required_resource_keys={"site"},
    )
    def build_and_check(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        site: Site = context.resources.site
        site.say(model.name)
        with trying_again(context), site.warehouse.open(context.partition_key) as db:
            made = build(db, model)
            outcomes = quality.hold(db, model.name, model.rules)
            quality.record(db, outcomes)
        return dg.MaterializeResult(
            metadata={"dagster/row_count": made},
            check_results=[_check_result(outcome) for outcome in outcomes],
        )

    return build_and_check


def analysis_asset(analysis: Analysis, ard: Described) -> dg.AssetsDefinition:
    """The numbers of one analysis, as rows of analysis results."""
    table, reads = f"analysis.{analysis.name}", {*analysis.reads, "analysis.strata"}

    def work(site: Site, study: str, run_id: str) -> dict[str, Any]:
        with site.warehouse.open(study) as db:
            tables = {name: frame(db, f"select * from {name} order by all") for name in reads}
            cells = analysis.compute(tables)
            found = ard_rows(analysis.name, cells, tables["analysis.strata"], _context(db, study))
            return {"dagster/row_count": _write_ard(db, table, ard, found)}

    about = f"{analysis.compute.__doc__ or analysis.name} Rows of analysis.ard."
    deps = sorted(name for name in reads if not name.startswith(_NOT_ASSETS))
    return _asset(table, deps=deps, description=about, work=work)


def ard_asset(ard: Described) -> dg.AssetsDefinition:
    """All analysis results in one table."""
    parts = [f"analysis.{analysis.name}" for analysis in ANALYSES]

    def work(site: Site, study: str, run_id: str) -> dict[str, Any]:
        with site.warehouse.open(study) as db:
            found = pl.concat([frame(db, f"select * from {part} order by position") for part in parts])
            return {"dagster/row_count": _write_ard(db, ard.name, ard, found.drop("position"))}

    return _asset(ard.name, deps=parts, description=ard.description, work=work)


def changes_asset(changes: Described, compared: Described) -> dg.AssetsDefinition:
    """What changed since the previous cut, and the release it was held against."""

    def work(site: Site, study: str, run_id: str) -> dict[str, Any]:
        with site.warehouse.open(study) as db:
            return {"dagster/row_count": write_changes(db, site.release_folder(study), changes, compared)}

    return _asset(changes.name, deps=READS, description=changes.description, work=work)


def report_asset(document: Document, models: Sequence[Model]) -> dg.AssetsDefinition:
    """One document of the release, such as the closed report."""

    def work(site: Site, study: str, run_id: str) -> dict[str, Any]:
        folder = site.build_folder(study)
        folder.mkdir(parents=True, exist_ok=True)
        with site.warehouse.open(study) as db:
            given = open_material if document.is_open else material
            made = document.make(given(db, study, run_id, datetime.now(UTC)))
        (folder / document.file).write_bytes(made)
        return {"bytes": len(made)}

    deps = ["analysis.ard", "analysis.changes", *(model.name for model in models if model.layer == "analysis")]
    return _asset(f"reports.{document.name}", deps=deps, description=document.about, work=work)


def release_asset() -> dg.AssetsDefinition:
    """The release: everything above, published whole or not at all."""

    def work(site: Site, study: str, run_id: str) -> dict[str, Any]:
        documents = [site.build_folder(study) / document.file for document in DOCUMENTS]
        with site.warehouse.open(study) as db:
            # The transfer that arrived, not one that was completed since.
            arrived = rows(db, "select studyid, transfer from study.studies order by position")
            cuts = [ingest(transfer_of(replace(site, cut=cut), member), site.home) for member, cut in arrived]
            made = publish(db, site.release_folder(study), cuts, documents, run_id)
        return {"folder": str(made.folder), "is_new": made.is_new}

    about = "The release of a study and cut: crs.duckdb, datasets, reports and manifest; current points at it."
    return _asset("reports.release", deps=[f"reports.{d.name}" for d in DOCUMENTS], description=about, work=work)


def _asset(
    name: str, *, deps: Sequence[str], description: str, work: Callable[[Site, str, str], dict[str, Any]]
) -> dg.AssetsDefinition:
    """An asset whose making is a function of site, study and run, and returns metadata."""

    @dg.asset(
        key=_key(name),
        deps=[_key(dep) for dep in deps],
        group_name=name.split(".")[0],
        description=description,
        partitions_def=STUDIES,
        required_resource_keys={"site"},
    )
    def make(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        site: Site = context.resources.site
        site.say(name)
        with trying_again(context):
            return dg.MaterializeResult(metadata=work(site, context.partition_key, context.run.run_id))

    return make


def _upstream(model: Model) -> list[dg.AssetKey]:
    tables = [table for table in model.depends_on if not table.startswith(_NOT_ASSETS)]
    # Reference and study rows come with the transfer, so that a model of them alone waits for it too.
    return [_key(table) for table in tables or ["raw.dm"]]


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


def _check_spec(rule, key: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(name=rule.name, asset=key, blocking=rule.severity == "critical")


def _check_result(outcome: quality.Outcome) -> dg.AssetCheckResult:
    critical = outcome.rule.severity == "critical"
    return dg.AssetCheckResult(
        check_name=outcome.rule.name,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        metadata={"failing": outcome.failing},
    )


def _context(db, study: str) -> Context:
    [(cut,)] = rows(db, "select max(cut) from study.studies")
    grades = rows(db, "select distinct source, scale from graded.primary_grades order by all")
    source, scale = (" and ".join(sorted({row[i] for row in grades})) for i in (0, 1))
    return Context(study=study, cut=cut, scale=scale, source=source)


def _write_ard(db, table: str, ard: Described, found: pl.DataFrame) -> int:
    db.execute(f"create or replace table {table} ({ard.ddl})")
    if found.height:
        insert(
            db,
            table,
            found.with_row_index("position", offset=1).with_columns(pl.col("position").cast(pl.Int64)),
        )
    describe(db, table, ard.description, ard.columns)
    return found.height
