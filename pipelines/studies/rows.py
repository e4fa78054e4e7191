"""A study's settings as rows, one function a table; the column studyid is added to each."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from pipelines.studies.settings import Board, Dose, Study, TumourBurden

Row = dict[str, Any]
_HOUR_S, _DAY_S = 3600, 86400
# Levels of a step-up when study.yaml names none: the dose's number, from, and below.
STEPS = {"Dose 1": (1, 2), "Dose 2": (2, 3), "Dose 3": (3, 4), "Dose 4 and later": (4, float("inf"))}
_LEVELS = {"value": ("Low", "High"), "median": ("Low", "High"), "tertiles": ("Low", "Medium", "High")}


def studies(study: Study, position: int, cut: str) -> Iterator[Row]:
    """The study itself, and the last second of its cut; its own ``data_cut`` goes before the transfer's."""
    day = study.data_cut or date.fromisoformat(cut)
    last = datetime.combine(day, time(23, 59, 59), UTC)
    yield {
        "title": study.title,
        "indication": study.indication,
        "position": position,
        "cut": day.isoformat(),
        "transfer": cut,
        "cut_s": int(last.timestamp()),
    }


def parameters(study: Study) -> Iterator[Row]:
    """The parameters in force, windows in seconds."""
    grading, teae_days = study.grading, study.teae.end_window_days
    yield {
        "primary_source": grading.primary,
        "reported_scale": grading.reported_scale,
        "episode_gap_s": round(grading.episode_gap_days * _DAY_S),
        "onset_window_s": round(grading.onset_window_days * _DAY_S),
        "reading_hold_s": round(grading.reading_hold_hours * _HOUR_S),
        "laboratory_hold_s": round(grading.laboratory_hold_hours * _HOUR_S),
        "premedication_window_s": round(study.premedication.window_hours * _HOUR_S),
        "fever_c": grading.temperature_c,
        "sbp_mmhg": grading.hypotension.sbp_mmhg,
        "low_flow_max_lpm": grading.low_flow_max_lpm,
        "low_flow_inclusive": grading.low_flow_inclusive,
        "premedication_waives_fever": grading.premedication_waives_fever,
        "teae_end_window_s": None if teae_days is None else round(teae_days * _DAY_S),
        "teae_worsening": study.teae.worsening,
        "teae_ignore_time": study.teae.ignore_time,
        "minimum_cell": (study.board or Board()).minimum_cell,
        "therapy_variable": study.therapy.variable,
        **_dose(study.dose),
        **_burden(study.tumour_burden),
    }


def therapy_classes(study: Study) -> Iterator[Row]:
    """Each value that tells a therapy, with the place of its therapy."""
    for position, (therapy, values) in enumerate(study.therapy.classes.items(), start=1):
        for value in values:
            yield {"therapy": therapy, "value": value, "position": position}


def _dose_levels(study: Study) -> Mapping[str, tuple[float, float]]:
    if study.dose is None:
        return {}
    # A stratum for each of a year's weekly doses could not be read, and CRS is an event of the first ones.
    return study.dose.levels or STEPS if study.dose.by == "dose_number" else study.dose.levels


def dose_levels(study: Study) -> Iterator[Row]:
    """Each dose level, lowest first."""
    levels = _dose_levels(study)
    for position, (level, (at_least, below)) in enumerate(levels.items(), start=1):
        yield {"dose_level": level, "at_least": at_least, "below": below, "position": position}


def burden_levels(study: Study) -> Iterator[Row]:
    """Each level of tumour burden, lowest first."""
    levels = _LEVELS[_cut_kind(study.tumour_burden)] if study.tumour_burden else ()
    for part, level in enumerate(levels, start=1):
        yield {"tumour_burden_level": level, "position": part, "part": part}


def scales(study: Study) -> Iterator[Row]:
    """Each scale asked for, in the order of study.yaml."""
    for position, scale in enumerate(study.grading.scales, start=1):
        yield {"scale": scale, "position": position}


def terms(study: Study) -> Iterator[Row]:
    """Each term that names CRS, ICANS or IEC-HS."""
    mapping = study.mapping
    named = {"crs": mapping.crs_terms, "icans": mapping.icans_terms, "iec_hs": mapping.iec_hs_terms}
    for concept, given in named.items():
        for term in given:
            yield {"concept": concept, "term": term}


def mappings(study: Study) -> Iterator[Row]:
    """Each code of the sponsor that differs from the default."""
    named = {"icans": study.mapping.icans, "drugs": study.mapping.drugs, "devices": study.mapping.devices}
    for concept, names in named.items():
        for key, codes in names.items():
            yield from ({"concept": concept, "key": key, "value": code} for code in codes)
    support = study.mapping.respiratory_support
    for key, value in support.model_dump(exclude_none=True).items() if support else ():
        yield {"concept": "respiratory_support", "key": key, "value": value}
    for key, value in study.mapping.covariates.model_dump(exclude_none=True).items():
        yield {"concept": "covariates", "key": key, "value": value}


def stopping_rules(study: Study) -> Iterator[Row]:
    """The board's stopping rule, if there is a board."""
    if study.board is None:
        return
    rule = study.board.stopping
    yield {
        "at_least": int(rule.event.removeprefix("grade>=")),
        "limit_rate": rule.p0,
        "prior_events": rule.prior[0],
        "prior_without": rule.prior[1],
        "confidence": rule.confidence,
        "window_s": round((rule.window_days or study.grading.onset_window_days) * _DAY_S),
    }


def stopping_looks(study: Study) -> Iterator[Row]:
    """Each number of subjects at which the board looks."""
    for subjects in study.board.stopping.looks if study.board else ():
        yield {"subjects": subjects}


def settings(study: Study) -> Iterator[Row]:
    """Every setting in force, defaults included, as study.yaml would write it."""
    for key, value in _leaves(study.model_dump(mode="json")):
        yield {"key": key, "value": _written(value)}


def _dose(dose: Dose | None) -> Row:
    return {
        "dose_variable": dose.variable if dose else None,
        "dose_unit": dose.unit if dose else None,
        "dose_by": dose.by if dose else Dose.model_fields["by"].default,
    }


def _burden(burden: TumourBurden | None) -> Row:
    if burden is None:
        return {"burden_baseline": TumourBurden.model_fields["baseline"].default}
    kind = _cut_kind(burden)
    return {
        "burden_variable": burden.variable,
        "burden_unit": burden.unit,
        "burden_baseline": burden.baseline,
        "burden_cut_kind": kind,
        "burden_cut": burden.cut if kind == "value" else None,
    }


def _cut_kind(burden: TumourBurden) -> str:
    return burden.cut if isinstance(burden.cut, str) else "value"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        yield path, value
        return
    for key, inner in value.items():
        yield from _leaves(inner, f"{path}.{key}" if path else key)


def _written(value: Any) -> str | None:
    if isinstance(value, list):
        return ", ".join(str(_written(item)) for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0") if isinstance(value, float) else value
