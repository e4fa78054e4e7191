"""What is simulated: each kind of trial, its protocol's facts and its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from pipelines.simulate.parameter_rows import PARAMETERS, rows


@dataclass(frozen=True, kw_only=True)
class DoseLevel:
    """A dose level: its arm, its amount, and the logarithm of its relative hazard of CRS."""

    level: str
    arm: str
    planned: float
    at_least: float | None
    below: float | None
    log_risk: float


@dataclass(frozen=True, kw_only=True)
class Dose:
    """A planned dose: its day from the first, and its amount unless the dose level says it."""

    dose_number: int
    day: int
    amount: float | None


@dataclass(frozen=True, kw_only=True)
class Conditioning:
    """A treatment before the first dose that is not the study treatment."""

    treatment: str
    day: int
    dose: float
    unit: str


@dataclass(frozen=True, kw_only=True)
class OnsetHazard:
    """The chance that CRS begins in a window after a dose, given that it had not before."""

    dose_number: int
    from_hour: int
    to_hour: int
    hazard: float


@dataclass(frozen=True, kw_only=True)
class Transition:
    """The weight of going from one grade to the next a step later; ``onset`` and ``end`` are the edges."""

    before: str
    after: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class Premedication:
    """A drug before each dose, its share of subjects, and what it does to the hazard."""

    drug: str
    hours_before: float
    chance: float
    dose: float
    unit: str
    route: str
    log_risk: float


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One kind of trial: facts of its protocol, then parameters with times in hours or days."""

    name: str
    study: str
    title: str
    indication: str
    therapy: str
    treatment: str
    dose_unit: str
    dose_by: str
    burden_variable: str
    burden_unit: str
    burden_cut: float | str
    grading_primary: str
    report_form: str
    terms_in_capitals: bool
    step_hours: int
    horizon_days: int
    monitor_days: int
    follow_up_days: int
    screen_failures: float
    not_treated: float
    withdrawals: float
    other_deaths: float
    burden_ln: float
    burden_sd: float
    burden_missing: float
    burden_effect: float
    severity_effect: float
    frailty_sd: float
    later_dose_effect: float
    recurrence: float
    discordance: float
    unreported: float
    levels: tuple[DoseLevel, ...]
    doses: tuple[Dose, ...]
    conditioning: tuple[Conditioning, ...]
    hazards: tuple[OnsetHazard, ...]
    transitions: tuple[Transition, ...]
    premedication: tuple[Premedication, ...]

    @property
    def most_episodes(self) -> int:
        """Episodes a subject can have: one a dose, and one that comes back without a dose."""
        return len(self.doses) + 1


def _read(name: str) -> Preset:
    facts: dict[str, Any] = yaml.safe_load((PARAMETERS / f"{name}.yaml").read_text(encoding="utf-8"))
    parameters = {key: said["value"] for key, said in facts.pop("parameters").items()}
    return Preset(
        name=name,
        **facts,
        **parameters,
        levels=rows(DoseLevel, "dose_levels", name),
        doses=rows(Dose, "doses", name),
        conditioning=rows(Conditioning, "conditioning", name),
        hazards=rows(OnsetHazard, "onset_hazards", name),
        transitions=rows(Transition, "transitions", name),
        premedication=rows(Premedication, "premedication", name),
    )


PRESETS: Mapping[str, Preset] = {name: _read(name) for name in ("car-t", "bispecific", "antibody")}
