"""Whether vasopressors are given in high dose, by Lee 2014 and by Porter 2018 (Penn)."""

from collections.abc import Sequence
from fractions import Fraction
from math import inf

from tests.courses.contract import (
    COMBINED_PENN,
    HIGH_DOSE_LEE,
    HIGH_DOSE_PENN,
    RATE_UNITS,
    UG_KG_MIN,
    UG_MIN,
    VASOPRESSIN_CLASS,
    WITH_VASOPRESSIN_PENN,
)
from tests.courses.course import Drug

Rate = Fraction | float


def high_by_lee(given: Sequence[Drug], weight_kg: float | None, *, at_most: bool) -> bool:
    """Whether any of the vasopressors running is high dose, for all we know when ``at_most``, else for sure."""
    return any(
        _rate(given, agent, unit, weight_kg, at_most=at_most) >= threshold
        for agent, (threshold, unit) in HIGH_DOSE_LEE.items()
    )


def high_by_penn(given: Sequence[Drug], weight_kg: float | None, *, at_most: bool) -> bool:
    """Whether any of the vasopressors running is high dose, or all together are; the three hours are not looked at."""
    equivalent = _equivalent(given, weight_kg, at_most=at_most)
    with_vasopressin = any(drug.agent in VASOPRESSIN_CLASS for drug in given)
    several = len({drug.agent for drug in given} - set(VASOPRESSIN_CLASS)) > 1
    return (
        any(
            _rate(given, agent, unit, weight_kg, at_most=at_most) >= threshold
            for agent, (threshold, unit) in HIGH_DOSE_PENN.items()
        )
        or (several and equivalent >= COMBINED_PENN)
        or (with_vasopressin and equivalent >= WITH_VASOPRESSIN_PENN)
    )


def _equivalent(given: Sequence[Drug], weight_kg: float | None, *, at_most: bool) -> Rate:
    """Norepinephrine equivalent in ug/kg/min; agents whose rate is recorded by kg need no weight."""
    by_kg = {
        agent: _rate(given, agent, UG_KG_MIN, weight_kg, at_most=at_most)
        for agent in ("NOREPINEPHRINE", "EPINEPHRINE", "PHENYLEPHRINE", "DOPAMINE")
    }
    # Half of dopamine by kg is norepinephrine in ug/min, not by kg.
    dopamine = by_kg["DOPAMINE"] / 2
    if dopamine and weight_kg is None:
        dopamine = inf if at_most else Fraction(0)
    elif dopamine:
        dopamine /= Fraction(str(weight_kg))
    return by_kg["NOREPINEPHRINE"] + dopamine + by_kg["EPINEPHRINE"] + by_kg["PHENYLEPHRINE"] / 10


def _rate(given: Sequence[Drug], agent: str, unit: str, weight_kg: float | None, *, at_most: bool) -> Rate:
    """The highest rate of an agent: 0 when it is not given; one not known is anything at most, and 0 at least."""
    rates = [_converted(drug, unit, weight_kg) for drug in given if drug.agent == agent]
    if at_most and None in rates:
        return inf
    return max((rate for rate in rates if rate is not None), default=Fraction(0))


def _converted(drug: Drug, unit: str, weight_kg: float | None) -> Fraction | None:
    """The rate in ug/min or ug/kg/min; nothing when dose, unit, or a weight that is needed is not known."""
    if drug.dose is None or drug.unit not in RATE_UNITS:
        return None
    factor, by_kg = RATE_UNITS[drug.unit]
    rate = Fraction(str(drug.dose)) * factor
    if by_kg == (unit == UG_KG_MIN):
        return rate
    if weight_kg is None:
        return None
    weight = Fraction(str(weight_kg))
    return rate * weight if unit == UG_MIN else rate / weight
