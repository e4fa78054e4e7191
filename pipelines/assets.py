"""Factories: a transfer, a model, an analysis, a report and a release, each as a Dagster asset.

The only room beside ``definitions.py`` that knows Dagster. What an asset does is told elsewhere; here is only how it
hangs together.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import dagster as dg
import polars as pl

from pipelines import quality
from pipelines.analyses import ANALYSES, Analysis
from pipelines.arrival import arrive
from pipelines.automation.retrying import trying_again
from pipelines.blinding.release import publish_open
from pipelines.building import make_analysis, make_model, write_ard
from pipelines.built import drop_others
from pipelines.changes import READS, write_changes
from pipelines.described import Described
from pipelines.documents import write_documents
from pipelines.engines.engine import engine_of
from pipelines.ingest import ingest
from pipelines.members import transfer_of
from pipelines.models import Model
from pipelines.recording import record_begin, record_overrides
from pipelines.release import STORAGE_VERSION, publish
from pipelines.sealing import recipients_of, seal, sealed_name
from pipelines.site import Site
from pipelines.stamp import stamp_of, write_stamp
from pipelines.warehouse import frame, rows
from reports.documents import DOCUMENTS

PARTITIONS = "study"
STUDIES = dg.DynamicPartitionsDefinition(name=PARTITIONS)
# Schemas that are not assets: reference rows come with the code, study and quality rows with the transfer.
_NOT_ASSETS = ("reference.", "study.", "quality.")


def transfer_asset(tables: Sequence[str], known: Collection[str]) -> dg.AssetsDefinition:
    """The raw layer of a study: one asset per domain that models read, filled together.

    Args:
        tables: Names of the domains' tables.
        known: Names of all tables that are made of them; others in the warehouse are of an earlier version.
    """
    specs = [
        dg.AssetSpec(_key(table), group_name="raw", description=f"{table}: as received, without quarantined rows.")
        for table in tables
    ]

    @dg.multi_asset(name="transfer", specs=specs, partitions_def=STUDIES, required_resource_keys={"site"})
    def transfer(context: dg.AssetExecutionContext):
        site: Site = context.resources.site
        site.say("transfer")
        with trying_again(context):
            kept = _arrived(site, context.partition_key, context.run.run_id, known)
        for table in tables:
            domain = table.split(".")[1].upper()
            yield dg.MaterializeResult(asset_key=_key(table), metadata={"dagster/row_count": kept.get(domain, 0)})

    return transfer


def _arrived(site: Site, study: str, run_id: str, known: Collection[str]) -> dict[str, int]:
    """The rows kept of each domain, once the run is known to the audit log and stamped."""
    if site.seal_to:
        # Refused now rather than when everything is made.
        recipients_of(site.seal_to)
    site.make_closed_folders()
    record_begin(site, study, run_id)
    kept = arrive(site, study)
    with site.warehouse.open(study) as db:
        write_stamp(db, site.stamp or stamp_of(run_id))
        record_overrides(db, site, study, run_id)
        drop_others(db, known)
    return kept


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
            made = make_model(db, model, engine_of(site, context.partition_key))
        return dg.MaterializeResult(
            metadata={"dagster/row_count": made.rows, "made anew": made.is_new},
            check_results=[_check_result(outcome) for outcome in made.outcomes],
        )

    return build_and_check


def analysis_asset(analysis: Analysis, ard: Described) -> dg.AssetsDefinition:
    """The numbers of one analysis, as rows of analysis results."""

    def work(site: Site, study: str) -> dict[str, Any]:
        with site.warehouse.open(study) as db:
            made = make_analysis(db, analysis, ard, study)
        return {"dagster/row_count": made.rows, "made anew": made.is_new}

    about = f"{analysis.compute.__doc__ or analysis.name} Rows of analysis.ard."
    deps = sorted(name for name in {*analysis.reads, "analysis.strata"} if not name.startswith(_NOT_ASSETS))
    return _asset(f"analysis.{analysis.name}", deps=deps, description=about, work=work)


def ard_asset(ard: Described) -> dg.AssetsDefinition:
    """All analysis results in one table."""
    parts = [f"analysis.{analysis.name}" for analysis in ANALYSES]

    def work(site: Site, study: str) -> dict[str, Any]:
        with site.warehouse.open(study) as db:
            found = pl.concat([frame(db, f"select * from {part} order by position") for part in parts])
            return {"dagster/row_count": write_ard(db, ard.name, ard, found.drop("position"))}

    return _asset(ard.name, deps=parts, description=ard.description, work=work)


def changes_asset(changes: Described, compared: Described) -> dg.AssetsDefinition:
    """What changed since the previous cut, and the release it was held against."""

    def work(site: Site, study: str) -> dict[str, Any]:
        with site.warehouse.open(study) as db:
            return {"dagster/row_count": write_changes(db, site.release_folder(study), changes, compared)}

    return _asset(changes.name, deps=READS, description=changes.description, work=work)


def documents_asset(models: Sequence[Model]) -> dg.AssetsDefinition:
    """The documents of the release, such as the closed report: one asset each, made together."""
    read = ["analysis.ard", "analysis.changes", *(model.name for model in models if model.layer == "analysis")]
    deps = [_key(table) for table in read]
    specs = [
        dg.AssetSpec(_key(f"reports.{one.name}"), deps=deps, group_name="reports", description=one.about)
        for one in DOCUMENTS
    ]

    @dg.multi_asset(name="documents", specs=specs, partitions_def=STUDIES, required_resource_keys={"site"})
    def documents(context: dg.AssetExecutionContext):
        site: Site = context.resources.site
        for document, size in write_documents(site, context.partition_key):
            yield dg.MaterializeResult(asset_key=_key(f"reports.{document.name}"), metadata={"bytes": size})

    return documents


def release_asset(ard: Described) -> dg.AssetsDefinition:
    """The releases, closed and open: everything above, each published whole or not at all."""

    def work(site: Site, study: str) -> dict[str, Any]:
        documents = [site.build_folder(study) / document.file for document in DOCUMENTS]
        with site.warehouse.open(study) as db:
            # The transfer that arrived, not one that was completed since.
            arrived = rows(db, "select studyid, transfer from study.studies order by position")
            cuts = [ingest(transfer_of(replace(site, cut=cut), member), site.home) for member, cut in arrived]
            made = publish(db, site.release_folder(study), cuts, documents, site.audit, site.engine)
            if not (site.open_folder(study) / made.folder.name).exists():
                publish_open(db, made.folder, site.open_folder(study), ard, STORAGE_VERSION, site.audit)
            if site.seal_to and not sealed_name(site.sealed_folder(study), made.folder).exists():
                seal(made.folder, site.sealed_folder(study), site.seal_to)
        return {"folder": str(made.folder), "is_new": made.is_new}

    about = "The release of a study and cut: crs.duckdb, datasets, reports and manifest; and what the blinded may have."
    return _asset("reports.release", deps=[f"reports.{d.name}" for d in DOCUMENTS], description=about, work=work)


def _asset(
    name: str, *, deps: Sequence[str], description: str, work: Callable[[Site, str], dict[str, Any]]
) -> dg.AssetsDefinition:
    """An asset whose making is a function of site and study, and returns metadata."""

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
            return dg.MaterializeResult(metadata=work(site, context.partition_key))

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
        description=outcome.rule.message or None,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        metadata={"failing": outcome.failing},
    )
