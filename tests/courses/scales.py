"""The table of section 5 of the grading contract: what is there at one moment, and the grade each scale gives it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class State:
    """What counts at one moment; with none of it the grade is 0.

    ``hypotension`` is any sign of it, ``boluses`` how many of the episode have begun, ``agents`` how many
    vasopressors other than vasopressin run, ``support`` the ASTCT level, ``fio2`` percent, organs a toxicity grade.
    """

    fever: bool = False
    hypotension: bool = False
    boluses: int = 0
    agents: int = 0
    vasopressin: bool = False
    vasopressor_24h: bool = False
    high_dose: bool = False
    high_dose_3h: bool = False
    support: int = 0
    fio2: float = 0
    ventilator: bool = False
    transaminases: int = 0
    bilirubin: int = 0
    creatinine: int = 0
    coagulopathy: bool = False

    @property
    def is_crs(self) -> bool:
        """Whether a sign is there that makes an episode last."""
        return self.fever or self.hypotension or self.support > 0

    @property
    def vasopressors(self) -> int:
        """How many vasopressors run, vasopressin counted."""
        return self.agents + self.vasopressin

    @property
    def oxygen(self) -> bool:
        """Whether any support is given."""
        return self.support > 0

    @property
    def positive_pressure(self) -> bool:
        """Whether the support is positive pressure."""
        return self.support == 4


def _highest(*rules: tuple[int, bool]) -> int:
    return max((grade for grade, holds in rules if holds), default=0)


def _astct(now: State) -> int:
    pressure = 4 if now.agents > 1 else 3 if now.vasopressors else 2
    return max(_highest((1, now.fever), (pressure, now.hypotension)), now.support)


def _lee(now: State) -> int:
    """Lee 2014; CARTOX differs by its grade 1 only."""
    return _highest(
        (1, now.fever),
        (2, now.hypotension),
        (2, now.oxygen),
        (2, _organ(now) >= 2 or now.transaminases >= 2),
        (3, now.high_dose or now.vasopressors > 1),
        (3, now.fio2 >= 40 or now.positive_pressure),
        (3, _organ(now) >= 3 or now.transaminases >= 3),
        (4, now.ventilator),
        (4, _organ(now) >= 4),
    )


def _penn(now: State) -> int:
    liver = max(now.transaminases, now.bilirubin)
    return _highest(
        (1, now.fever),
        (2, now.hypotension),
        (2, now.creatinine >= 2 or liver >= 3),
        (3, now.hypotension and now.boluses > 1),
        (3, now.vasopressors > 0),
        (3, now.oxygen),
        (3, now.creatinine >= 3 or liver >= 4),
        (3, now.coagulopathy),
        (4, now.high_dose_3h),
        (4, now.ventilator),
    )


def _mskcc(now: State) -> int:
    return _highest(
        (1, now.fever or now.hypotension),
        (2, now.vasopressors > 0),
        (2, now.oxygen),
        (3, now.vasopressor_24h),
        (3, now.fio2 >= 40 or now.positive_pressure),
        (4, now.ventilator),
    )


def _cartox(now: State) -> int:
    return max(_lee(now), _highest((1, _organ(now) >= 1 or now.transaminases >= 1)))


def _ctcae_4(now: State) -> int:
    return _highest((1, now.fever), (2, now.hypotension), (4, now.vasopressors > 0), (4, now.positive_pressure))


def _ctcae_5(now: State) -> int:
    return _highest(
        (1, now.fever),
        (2, now.hypotension),
        (2, now.oxygen),
        (3, now.vasopressors > 0),
        (3, now.fio2 >= 40),
        (4, now.vasopressors > 1),
        (4, now.positive_pressure),
    )


def _ctcae_6(now: State) -> int:
    pressure = _highest((1, now.fever), (2, now.hypotension), (3, now.vasopressors > 0), (4, now.vasopressors > 1))
    return max(pressure, now.support)


def _organ(now: State) -> int:
    """The worst organ toxicity other than transaminitis."""
    return max(now.bilirubin, now.creatinine)


GRADES: dict[str, Callable[[State], int]] = {
    "ASTCT 2019": _astct,
    "Lee 2014": _lee,
    "Penn 2018": _penn,
    "MSKCC": _mskcc,
    "CARTOX 2018": _cartox,
    "CTCAE 4.03": _ctcae_4,
    "CTCAE 5.0": _ctcae_5,
    "CTCAE 6.0": _ctcae_6,
}


def is_without_rule(scale: str, now: State) -> bool:
    """Whether a sign is there for which the scale has no rule: oxygen without positive pressure, by CTCAE 4.03."""
    return scale == "CTCAE 4.03" and now.oxygen and not now.positive_pressure
