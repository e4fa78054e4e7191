"""Made-up cases: a fatal one, a severe one that is discordant, and a death without CRS."""

from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from typing import Any

import polars as pl

from reports import cases
from reports.cases import (
    Case,
    Difference,
    Episode,
    Evidence,
    Extreme,
    Given,
    Grade,
    Lab,
    Other,
    Person,
    Segment,
    Vital,
)

PERSON = Person(
    place=1,
    of_all=3,
    is_severe=True,
    is_dead=True,
    is_differing=False,
    source="reported",
    scale="ASTCT 2019",
    to_day=10.5,
    fever_c=38.0,
    studyid="DEMO-1",
    usubjid="P1",
    age=58.0,
    sex="M",
    indication="Large B-cell lymphoma",
    therapy="CAR-T (CD19)",
    dose=0.947,
    dose_unit="10^6/kg",
    dose_level="DL2",
    doses=1,
    tumour_burden=25900.0,
    tumour_burden_unit="mm2",
    tumour_burden_level="High",
    dosed="2026-02-27 14:24",
    premedfl="N",
    died="2026-03-07 02:33",
    death_day=7.50625,
    death_at=7.50625,
    cause="CYTOKINE RELEASE SYNDROME",
    fatal_events="Cytokine release syndrome",
    last_alive="2026-03-07",
    episodes=1,
    grade=5,
    grade_min=5,
    grade_max=5,
)
EPISODE = Episode(
    place=1,
    episode=1,
    began="2026-03-03 02:35",
    day=3.507639,
    ended="2026-03-07 02:33",
    duration_days=3.998611,
    ongoing=False,
    outcome="fatal",
    dose_number=1,
    grade=5,
    grade_min=5,
    grade_max=5,
    why_no_grade=None,
    worst="2026-03-07 02:33",
    worst_day=7.50625,
    end_day=7.50625,
)
TOCILIZUMAB = Given(
    place=1,
    treatment="tocilizumab",
    name="TOCILIZUMAB",
    dose=8.0,
    dose_unit="mg/kg",
    finding=None,
    occasion="during CRS",
    began="2026-03-03 03:35",
    day=3.549306,
    from_day=3.549306,
    to_day=3.559722,
)
VENTILATION = replace(
    TOCILIZUMAB,
    treatment="respiratory_support",
    name="INVASIVE MECHANICAL VENTILATION",
    dose=None,
    dose_unit=None,
    finding="INVASIVE MECHANICAL VENTILATION for hypoxia",
    began="2026-03-05 02:39",
    day=5.510417,
    from_day=5.510417,
    to_day=6.516667,
)
VASOPRESSOR = replace(VENTILATION, treatment="vasopressors", name="NOREPINEPHRINE", finding="NOREPINEPHRINE 21 ug/min")
FEVER = Extreme(
    place=1,
    episode=1,
    test="TEMP",
    value=39.6,
    censored=None,
    unit=None,
    is_after_tocilizumab=False,
    at="2026-03-05 06:26",
    day=5.668,
)
IL6 = replace(FEVER, test="IL6", value=5000.0, censored=">", unit="PG/ML", is_after_tocilizumab=True)
ICANS = Other(place=1, source="reported", event="ICANS", grade=2, began="2026-03-05", day=6.0)
DIFFERENCE = Difference(
    place=2,
    finding="The reported grade is above the one the signs give",
    reported_grade=3,
    derived_grade=2,
    reported_scale="ASTCT 2019",
    scale="ASTCT 2019",
)
FATAL = Case(
    person=PERSON,
    episodes=(EPISODE,),
    extremes=(FEVER, IL6),
    given=(
        TOCILIZUMAB,
        VENTILATION,
        VASOPRESSOR,
        replace(VASOPRESSOR, name="VASOPRESSIN", finding="VASOPRESSIN 2 u/h"),
    ),
    segments=(
        Segment(place=1, source="reported", scale="ASTCT 2019", episode=1, grade=4, from_day=3.5076, to_day=7.50625),
        Segment(place=1, source="derived", scale="ASTCT 2019", episode=1, grade=3, from_day=3.5076, to_day=7.50625),
        Segment(place=1, source="derived", scale="Lee 2014", episode=1, grade=None, from_day=3.5076, to_day=7.50625),
    ),
    grades=(
        Grade(place=1, source="reported", scale="ASTCT 2019", grade=5, grade_min=5, grade_max=5, episodes=1),
        Grade(place=1, source="derived", scale="ASTCT 2019", grade=5, grade_min=5, grade_max=5, episodes=1),
    ),
    vitals=(
        Vital(place=1, test="TEMP", day=0.5, value=36.8, is_sign=False),
        Vital(place=1, test="TEMP", day=5.668, value=39.6, is_sign=True),
    ),
    labs=(Lab(place=1, test="IL6", day=4.9, value=5000.0, unit="PG/ML", censored=">"),),
    evidence=(
        Evidence(
            place=1,
            source="reported",
            scale="ASTCT 2019",
            episode=1,
            meaning="CRS reported as fatal",
            variable="AETOXGR",
            value="5",
            domain="AE",
            seq=7,
            file="ae.xpt",
            row=1803,
            at="2026-03-06",
            day=6.5,
        ),
    ),
    differing=(),
    other=(),
)
ALIVE = {"is_dead": False, "died": None, "death_day": None, "death_at": None, "cause": None, "fatal_events": None}
DISCORDANT = Case(
    **{
        **{field.name: () for field in fields(Case)},
        "person": replace(PERSON, place=2, usubjid="P3", grade=3, is_differing=True, **ALIVE),
        "episodes": (replace(EPISODE, place=2, grade=3, outcome="resolved"),),
        "differing": (DIFFERENCE,),
    }
)
NOTHING = Case(
    **{
        **{field.name: () for field in fields(Case)},
        "person": replace(
            PERSON,
            place=3,
            usubjid="P2",
            **dict.fromkeys(("age", "sex", "indication", "therapy", "dose", "dose_unit", "dose_level", "doses")),
            **dict.fromkeys(
                ("tumour_burden", "dosed", "died", "death_day", "death_at", "cause", "fatal_events", "grade")
            ),
            episodes=0,
        ),
    }
)
SWIMMERS = {
    "lines": pl.DataFrame(
        {"line": [1, 2], "of_all": [61, 61], "usubjid": ["P1", "P3"], "grade": [5, None], "death_day": [7.5, None]}
    ),
    "line_episodes": pl.DataFrame(
        {
            "line": [1, 2],
            "episode": [1, 1],
            "grade": [5, None],
            "ongoing": [False, True],
            "from_day": [3.5, 4.0],
            "to_day": [7.5, 90.0],
        }
    ),
    "line_treatments": pl.DataFrame(
        {
            "line": [1, 1],
            "name": ["TOCILIZUMAB", None],
            "from_day": [3.6, 5.5],
            "treatment": ["tocilizumab", "ventilation"],
        }
    ),
}


def tables_of(found: Iterable[Case] = (FATAL, DISCORDANT, NOTHING)) -> dict[str, pl.DataFrame]:
    """The tables that these cases are read from, and those of the swimmer plot."""
    all_of = tuple(found)
    parts = {
        name: _frame(kind, [row for case in all_of for row in getattr(case, name)])
        for name, kind in cases.PARTS.items()
    }
    return {"people": _frame(Person, [case.person for case in all_of]), **parts, **SWIMMERS}


def _frame(kind: type[Any], rows: list[Any]) -> pl.DataFrame:
    if not rows:
        return pl.DataFrame(schema={field.name: pl.Null for field in fields(kind)})
    return pl.DataFrame([asdict(row) for row in rows], infer_schema_length=None)
