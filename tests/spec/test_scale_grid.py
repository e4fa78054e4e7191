"""Same physiology, grade by scale: a febrile adult of 70 kg, by the models and by the plain reading."""

from dataclasses import replace

import polars as pl
from polars.testing import assert_frame_equal

from tests.courses.course import Bolus, Course, Drug, Lab, Pressure, Support, Temperature
from tests.courses.plain import grade
from tests.courses.raw import graded, usubjid
from tests.harness import table

FEBRILE = Course(weight_kg=70, temps=(Temperature(10, 38.5), Temperature(22, 37.0)))
LOW = replace(FEBRILE, sbps=(Pressure(12, 84), Pressure(16, 118)))
HIGH_FLOW = "HIGH-FLOW NASAL CANNULA OXYGEN THERAPY"
BIPAP = "BILEVEL POSITIVE AIRWAY PRESSURE VENTILATION"


def _given(*drugs: tuple[str, float | None]) -> Course:
    return replace(FEBRILE, drugs=tuple(Drug(agent, 12, 20, dose, dose and "ug/min") for agent, dose in drugs))


def _breathing(device: str, flow: float | None = None, fio2: float | None = None) -> Course:
    return replace(FEBRILE, support=(Support(device, flow, 12, 20, "HYPOXIA", fio2),))


SCENARIOS = {
    "fever only": FEBRILE,
    "SBP 84, one bolus": replace(LOW, boluses=(Bolus(12, 13),)),
    "SBP 84, three boluses": replace(LOW, boluses=(Bolus(12, 13), Bolus(14, 15), Bolus(15.5, 16))),
    "nasal cannula 2 L/min": _breathing("NASAL CANNULA", flow=2),
    "high-flow cannula 30 L/min, FiO2 0.35": _breathing(HIGH_FLOW, flow=30, fio2=35),
    "non-rebreather": _breathing("NON-REBREATHER MASK"),
    "BiPAP for hypoxia": _breathing(BIPAP),
    "norepinephrine 4 ug/min": _given(("NOREPINEPHRINE", 4)),
    "norepinephrine 25 ug/min": _given(("NOREPINEPHRINE", 25)),
    "norepinephrine + vasopressin": _given(("NOREPINEPHRINE", 4), ("VASOPRESSIN", None)),
    "norepinephrine + phenylephrine": _given(("NOREPINEPHRINE", 4), ("PHENYLEPHRINE", 50)),
    "intubated for hypoxia": _breathing("INVASIVE MECHANICAL VENTILATION"),
    "fever, ALT grade 4, nothing else": replace(FEBRILE, labs=(Lab("ALT", 12, 1000, 40),)),
}

# Blank: the scale has no rule for what is there.
GRID = """
    scenario                              | ASTCT 2019 | Lee 2014 | Penn 2018 | MSKCC | CARTOX 2018 | CTCAE 4.03 | CTCAE 5.0 | CTCAE 6.0
    --------------------------------------+------------+----------+-----------+-------+-------------+------------+-----------+----------
    fever only                            |          1 |        1 |         1 |     1 |           1 |          1 |         1 |         1
    SBP 84, one bolus                     |          2 |        2 |         2 |     1 |           2 |          2 |         2 |         2
    SBP 84, three boluses                 |          2 |        2 |         3 |     1 |           2 |          2 |         2 |         2
    nasal cannula 2 L/min                 |          2 |        2 |         3 |     2 |           2 |            |         2 |         2
    high-flow cannula 30 L/min, FiO2 0.35 |          3 |        2 |         3 |     2 |           2 |            |         2 |         3
    non-rebreather                        |          3 |        3 |         3 |     3 |           3 |            |         3 |         3
    BiPAP for hypoxia                     |          4 |        3 |         3 |     3 |           3 |          4 |         4 |         4
    norepinephrine 4 ug/min               |          3 |        2 |         3 |     2 |           2 |          4 |         3 |         3
    norepinephrine 25 ug/min              |          3 |        3 |         4 |     2 |           3 |          4 |         3 |         3
    norepinephrine + vasopressin          |          3 |        3 |         3 |     2 |           3 |          4 |         4 |         4
    norepinephrine + phenylephrine        |          4 |        3 |         3 |     2 |           3 |          4 |         4 |         4
    intubated for hypoxia                 |          4 |        4 |         4 |     4 |           4 |          4 |         4 |         4
    fever, ALT grade 4, nothing else      |          1 |        3 |         3 |     1 |           3 |          1 |         1 |         1
"""
SCALES = table(GRID).columns[1:]
NAMES = {usubjid(number): scenario for number, scenario in enumerate(SCENARIOS)}


def assert_is_the_grid(graded_by: pl.DataFrame) -> None:
    """Rows of scenario, scale and grade are the grid, one episode each."""
    found = graded_by.pivot("scale", index="scenario", values="grade").select("scenario", *SCALES)
    assert_frame_equal(found, table(GRID), check_dtypes=False, check_row_order=False)


def test_the_plain_reading_gives_the_grid():
    rows = [
        {"scenario": scenario, "scale": scale, "grade": episode.grade}
        for scenario, course in SCENARIOS.items()
        for scale in SCALES
        for episode in grade(course, scale)
    ]
    assert_is_the_grid(pl.DataFrame(rows))


def test_the_models_give_the_grid():
    episodes = graded(list(SCENARIOS.values()))
    assert_is_the_grid(episodes.with_columns(scenario=pl.col("usubjid").replace(NAMES)))


def test_where_a_scale_has_no_rule_the_reason_stands_in_place_of_the_grade():
    episodes = graded(list(SCENARIOS.values()))
    silent = episodes.filter(pl.col("why_no_grade").is_not_null()).with_columns(pl.col("usubjid").replace(NAMES))
    expected = ["high-flow cannula 30 L/min, FiO2 0.35", "nasal cannula 2 L/min", "non-rebreather"]
    assert sorted(silent["usubjid"]) == expected
    assert set(silent["scale"]) == {"CTCAE 4.03"}
    assert silent.select("grade", "grade_min", "grade_max").unique().rows() == [(None, 1, 4)]
