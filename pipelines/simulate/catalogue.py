"""What subjects are given, and what is measured on them: one class a table under ``parameters/``."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """A treatment of CRS, its share of episodes by worst grade, and when it is given."""

    drug: str
    decod: str
    trigger_grade: int
    otherwise_after_hours: float | None
    chance_1: float
    chance_2: float
    chance_3: float
    chance_4: float
    delay_minutes: int
    dose: float | None
    unit: str | None
    route: str | None

    @property
    def chances(self) -> tuple[float, ...]:
        """The share of episodes given it, indexed by worst grade 0-4."""
        return (0.0, self.chance_1, self.chance_2, self.chance_3, self.chance_4)


@dataclass(frozen=True, kw_only=True)
class Device:
    """A respiratory support, the hypoxia level it means, and its flow in L/min."""

    device: str
    level: int
    share: float
    flow_low: float | None
    flow_high: float | None


@dataclass(frozen=True, kw_only=True)
class Vasopressor:
    """A drug for blood pressure, the hypotension level from which it runs, and its rate."""

    drug: str
    from_level: int
    chance: float
    dose_low: float
    dose_high: float
    unit: str


@dataclass(frozen=True, kw_only=True)
class Vital:
    """A vital sign in health, and how often it is read between episodes."""

    testcd: str
    test: str
    unit: str
    mean: float
    sd_between: float
    sd_within: float
    low: float
    high: float
    every_slots: int


@dataclass(frozen=True, kw_only=True)
class Lab:
    """A laboratory test: logarithms of its baseline and of its peaks by worst grade, and its limits."""

    testcd: str
    test: str
    unit: str
    other_unit: str
    other_factor: float
    base_ln: float
    base_sd: float
    peak_1: float
    peak_2: float
    peak_3: float
    peak_sd: float
    lag_days: float
    lowest: float
    highest: float
    burden_ln: float
    after_tocilizumab_ln: float
    upper_limit: float


@dataclass(frozen=True, kw_only=True)
class AdverseEvent:
    """An adverse event other than CRS, with its share of subjects without and with CRS."""

    decod: str
    soc: str
    chance: float
    chance_in_crs: float
    is_symptom: bool
    needs_sign: str | None
    highest_grade: int


@dataclass(frozen=True, kw_only=True)
class Background:
    """A medication that has nothing to do with CRS."""

    drug: str
    indication: str
    chance: float
    dose: float
    unit: str
