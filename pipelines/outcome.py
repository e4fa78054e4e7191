"""How a run went, told from its events alone, whoever started it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg
import duckdb
from dagster._core.events import JobFailureData
from dagster_shared.error import SerializableErrorInfo

from pipelines.engines.errors import EngineError
from pipelines.errors import Refused, WrongUsage
from pipelines.formats import FormatError
from pipelines.machine import fault_of_machine
from pipelines.ran import Ran
from pipelines.room import LittleRoom
from pipelines.site import Site
from pipelines.studies import StudyError

TELLING = {
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.RUN_FAILURE,
    dg.DagsterEventType.RUN_CANCELED,
}
RELEASE = dg.AssetKey(["reports", "release"])
SUBJECTS = ("usubjid", "subjid")
FINDING = "select examples from quality.findings where table_name = ? and rule = ?"
# What these say is said to people as it stands: of the data or settings, which are refused, and of the machine or its
# engine, where it holds no value of the data. Else the program is at fault.
SAID = {
    **{kind.__name__: "refused" for kind in (Refused, WrongUsage, FormatError, StudyError)},
    **{kind.__name__: "broken" for kind in (LittleRoom, EngineError)},
}


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why a run did not end in a release; ``brief`` without any value of a row."""

    outcome: str
    reason: str
    brief: str


def outcome(site: Site, study: str, run_id: str, events: Sequence[dg.DagsterEvent]) -> Ran:
    """How the run went.

    Args:
        site: Where the study and the results are.
        study: Its name, or POOLED.
        run_id: The run.
        events: Its events, in order; those of the kinds in ``TELLING`` are needed.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    published = [e.step_materialization_data.materialization for e in events if e.is_step_materialization]
    metadata = next((made.metadata for made in published if made.asset_key == RELEASE), None)
    if metadata:
        folder, is_new = metadata["folder"].value, metadata["is_new"].value
        reason = "" if is_new else "unchanged"
        return Ran(study=study, outcome="released", reason=reason, release=str(folder), run_id=run_id, at=now)
    why = _broken_rules(site, study, events) or _error(events)
    return Ran(study=study, run_id=run_id, release="", at=now, **vars(why))


def _error(events: Sequence[dg.DagsterEvent]) -> Why:
    for step, error in _errors(events):
        causes = list(_causes(error))
        telling = next((cause for cause in causes if cause.cls_name in SAID), None)
        if telling:
            said = telling.message.split(": ", 1)[-1].strip()
            return Why(outcome=SAID[str(telling.cls_name)], reason=said, brief=said)
        # What the program says may hold a value of the data; its kind and place do not.
        said = causes[-1].message.strip()
        return Why(outcome="broken", reason=fault_of_machine(said) or said, brief=f"{causes[-1].cls_name} in {step}")
    ended = [e.message for e in events if e.is_run_failure or e.event_type == dg.DagsterEventType.RUN_CANCELED]
    said = next((message for message in ended if message), "the run ended without saying why; run it again with -v")
    return Why(outcome="broken", reason=said, brief=said)


def _errors(events: Sequence[dg.DagsterEvent]) -> Iterator[tuple[str, SerializableErrorInfo]]:
    """Where each error was and what it is: those of steps first, then what stopped the run before any step."""
    for event in events:
        if event.is_step_failure and event.step_failure_data.error:
            yield str(event.step_key), event.step_failure_data.error
    for event in events:
        # Without any data when the run was ended from outside.
        if isinstance(event.event_specific_data, JobFailureData) and event.event_specific_data.error:
            yield "the start of the run", event.event_specific_data.error


def _causes(error: SerializableErrorInfo) -> Iterator[SerializableErrorInfo]:
    """The error and what caused it, outermost first."""
    cause: SerializableErrorInfo | None = error
    while cause:
        yield cause
        cause = cause.cause


def _broken_rules(site: Site, study: str, events: Sequence[dg.DagsterEvent]) -> Why | None:
    checks = [
        e.asset_check_evaluation_data for e in events if e.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    failed = [check for check in checks if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR]
    if not failed:
        return None
    briefs = [f"{study}: {_said(check)} by {check.metadata['failing'].value} rows" for check in failed]
    reasons = [
        f"{brief}{_examples(site, study, check)}. They are whole in quality.findings of the study's warehouse."
        for brief, check in zip(briefs, failed, strict=True)
    ]
    return Why(outcome="refused", reason="\n".join(reasons), brief="\n".join(briefs))


def _said(check: dg.AssetCheckEvaluation) -> str:
    """What the rule says to people when it is broken, or else its name."""
    if check.description:
        return f"{check.description}: {_table(check)} is broken"
    return f"{_table(check)}: {check.check_name} is broken"


def _table(check: dg.AssetCheckEvaluation) -> str:
    return ".".join(check.asset_key.path)


def _examples(site: Site, study: str, check: dg.AssetCheckEvaluation) -> str:
    """The first rows that break the rule, without subjects; nothing when another run has the warehouse."""
    try:
        with duckdb.connect(site.warehouse.path(study), read_only=True) as db:
            found = db.execute(FINDING, [_table(check), check.check_name]).fetchone()
    except duckdb.IOException:
        return ""
    return f"; the first are {_without_subjects(found[0])}" if found else ""


def _without_subjects(examples: str) -> str:
    """The examples as printed: no subject identifier leaves the study's file."""
    rows = [{k: v for k, v in row.items() if k.lower() not in SUBJECTS} for row in json.loads(examples)[:3]]
    return json.dumps(rows, default=str)
