"""Made-up subjects, as far as the reports count."""

import random
from dataclasses import dataclass

THERAPIES = ("CAR-T (CD19)", "Bispecific (CD20xCD3)")
DOSES = ("DL1", "DL2", "DL3")
BURDENS = ("Low", "High")
OUTCOMES = ("resolved", "resolved with sequelae", "ongoing", "fatal", "unknown")
TREATMENTS = ("tocilizumab", "corticosteroids", "other_anticytokine", "vasopressors", "respiratory_support", "icu")


@dataclass(frozen=True, kw_only=True)
class Person:
    """A subject, as far as these reports count."""

    therapy: str
    dose: str
    burden: str
    grade: int | None
    onset: float = 0.0
    lasted: float = 0.0
    outcome: str = "resolved"
    treatments: frozenset[str] = frozenset()


def people(n: int = 120, incidence: float = 0.5, seed: int = 1) -> list[Person]:
    """So many subjects, more often and worse ill at higher doses and burdens."""
    draw = random.Random(seed)
    return [_person(draw, incidence) for _ in range(n)]


def _person(draw: random.Random, incidence: float) -> Person:
    # Nobody of low burden got the highest dose: a stratum that is printed with N = 0.
    dose = draw.choice(DOSES)
    burden = "High" if dose == "DL3" else draw.choice(BURDENS)
    place = {"therapy": draw.choice(THERAPIES), "dose": dose, "burden": burden}
    if draw.random() > incidence * (0.6 + 0.4 * DOSES.index(dose)):
        return Person(**place, grade=0)
    grade = draw.choices([1, 2, 3, 4, 5], [20, 10, 5, 3, 1])[0]
    return Person(
        **place,
        grade=grade,
        onset=round(draw.lognormvariate(0.9, 0.6) * 4) / 4,
        lasted=round(draw.lognormvariate(1.4, 0.5) * 4) / 4,
        outcome="fatal" if grade == 5 else draw.choices(OUTCOMES[:3], [20, 1, 1])[0],
        treatments=frozenset(t for t in TREATMENTS if draw.random() < grade / (2 + TREATMENTS.index(t))),
    )
