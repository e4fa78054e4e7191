"""What study.yaml says, as the tables that models join."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType

import polars as pl

from pipelines.studies import rows
from pipelines.studies.adjudication import FILE, Adjudicated
from pipelines.studies.settings import Study

_TEXT, _NUMBER, _INTEGER, _FLAG = pl.String, pl.Float64, pl.Int64, pl.Boolean

SCHEMAS = {
    "studies": {
        "title": _TEXT,
        "indication": _TEXT,
        "position": _INTEGER,
        "cut": _TEXT,
        "transfer": _TEXT,
        "cut_s": _INTEGER,
    },
    "parameters": {
        "primary_source": _TEXT,
        "reported_scale": _TEXT,
        "episode_gap_s": _INTEGER,
        "onset_window_s": _INTEGER,
        "reading_hold_s": _INTEGER,
        "laboratory_hold_s": _INTEGER,
        "premedication_window_s": _INTEGER,
        "fever_c": _NUMBER,
        "sbp_mmhg": _NUMBER,
        "low_flow_max_lpm": _NUMBER,
        "low_flow_inclusive": _FLAG,
        "premedication_waives_fever": _FLAG,
        "teae_end_window_s": _INTEGER,
        "teae_worsening": _TEXT,
        "teae_ignore_time": _FLAG,
        "minimum_cell": _INTEGER,
        "therapy_variable": _TEXT,
        "dose_variable": _TEXT,
        "dose_unit": _TEXT,
        "dose_by": _TEXT,
        "burden_variable": _TEXT,
        "burden_unit": _TEXT,
        "burden_baseline": _TEXT,
        "burden_cut_kind": _TEXT,
        "burden_cut": _NUMBER,
    },
    "therapy_classes": {"therapy": _TEXT, "value": _TEXT, "position": _INTEGER},
    "dose_levels": {"dose_level": _TEXT, "at_least": _NUMBER, "below": _NUMBER, "position": _INTEGER},
    "burden_levels": {"tumour_burden_level": _TEXT, "position": _INTEGER, "part": _INTEGER},
    "scales": {"scale": _TEXT, "position": _INTEGER},
    "terms": {"concept": _TEXT, "term": _TEXT},
    "stopping_rules": {
        "at_least": _INTEGER,
        "limit_rate": _NUMBER,
        "prior_events": _NUMBER,
        "prior_without": _NUMBER,
        "confidence": _NUMBER,
        "window_s": _INTEGER,
    },
    "stopping_looks": {"subjects": _INTEGER},
    "mappings": {"concept": _TEXT, "key": _TEXT, "value": _TEXT},
    "settings": {"key": _TEXT, "value": _TEXT},
    "adjudications": {
        "usubjid": _TEXT,
        "source": _TEXT,
        "scale": _TEXT,
        "episode": _INTEGER,
        "grade": _INTEGER,
        "reason": _TEXT,
        "adjudicator": _TEXT,
        "adjudicated_at": _TEXT,
        "line": _INTEGER,
    },
    "overrides": {"file": _TEXT, "sha256": _TEXT, "rows": _INTEGER},
}

_NONE: Mapping[str, Adjudicated] = MappingProxyType({})
_MAKERS: dict[str, Callable[[Study], Iterable[rows.Row]]] = {
    "parameters": rows.parameters,
    "therapy_classes": rows.therapy_classes,
    "dose_levels": rows.dose_levels,
    "burden_levels": rows.burden_levels,
    "scales": rows.scales,
    "terms": rows.terms,
    "stopping_rules": rows.stopping_rules,
    "stopping_looks": rows.stopping_looks,
    "mappings": rows.mappings,
    "settings": rows.settings,
}


def study_tables(
    studies: Sequence[tuple[Study, str]], adjudicated: Mapping[str, Adjudicated] = _NONE
) -> dict[str, pl.DataFrame]:
    """The tables of schema ``study``, with the rows of each study below those of the one before.

    Args:
        studies: Each study and its data cut, an ISO 8601 date; more than one when pooled.
        adjudicated: By study, the grades that people adjudicated; not those of studies that have none.

    Returns:
        By table name, such as ``study.parameters``; a table without rows has its columns and their types.
    """
    tables = {name: [_of(study, row) for study, _ in studies for row in make(study)] for name, make in _MAKERS.items()}
    tables["studies"] = [
        _of(study, row)
        for position, (study, cut) in enumerate(studies, start=1)
        for row in rows.studies(study, position, cut)
    ]
    given = [(study, adjudicated[study.study]) for study, _ in studies if study.study in adjudicated]
    tables["adjudications"] = [_of(study, asdict(row)) for study, one in given for row in one.rows]
    tables["overrides"] = [
        _of(study, {"file": FILE, "sha256": one.sha256, "rows": len(one.rows)}) for study, one in given
    ]
    return {f"study.{name}": pl.DataFrame(tables[name], schema=_schema(name)) for name in SCHEMAS}


def _of(study: Study, row: rows.Row) -> rows.Row:
    return {"studyid": study.study, **row}


def _schema(name: str) -> dict[str, type[pl.DataType]]:
    return {"studyid": _TEXT, **SCHEMAS[name]}
