"""Who has finished the window of a stopping rule, and in which order, from tables drawn in text.

Every subject is treated at midnight of a day of 1970; the window is 10 days, the data cut the end of day 30.
"""

import polars as pl
import pytest

from pipelines.models import read_models
from pipelines.warehouse import build, frame
from tests.harness import database, table
from tests.shared import ROOT

[MODEL] = [model for model in read_models(ROOT / "sql") if model.name == "analysis.cohort_evaluations"]
DAY = 86400
SUBJECTS = """
    usubjid | dose | first | event | followed | death | why
    P1      | DL1  | 1     | 3     | 30       |       | the event on its third day
    P2      | DL2  | 2     |       | 30       |       | nothing
    P3      | DL1  | 15    | 25    | 30       |       | an event on the day its window ends
    P4      | DL2  | 5     |       | 6        | 6     | died of something else
    P5      | DL2  | 4     |       | 6        |       | lost to follow-up
    P6      | DL1  | 25    | 26    | 30       |       | an event, but the window is not over
    P7      | DL1  | 26    |       | 30       |       | the window is not over
    P8      | DL2  | 20    |       | 29       |       | last contact on the last day of the window
"""
EXPECTED = """
    usubjid | has_event | answer             | place | in_dose
    P1      | true      | event              | 1     | 1
    P2      | false     | no event           | 2     | 1
    P3      | false     | no event           | 4     | 2
    P4      | false     | no event           | 3     | 2
    P5      | false     | lost in the window |       |
    P6      | true      | in the window      |       |
    P7      | false     | in the window      |       |
    P8      | false     | no event           | 5     | 3
"""


def evaluations(at_least: int = 3) -> pl.DataFrame:
    subjects = table(SUBJECTS).with_columns(
        studyid=pl.lit("S1"),
        saffl=pl.lit("Y"),
        anchor_s=pl.col("first") * DAY,
        death_s=pl.col("death") * DAY,
        followed_until_s=(pl.col("followed") + 1) * DAY,
    )
    reached = subjects.filter(pl.col("event").is_not_null()).select(
        "studyid", "usubjid", source=pl.lit("reported"), scale=pl.lit("ASTCT 2019"), at_least=pl.lit(3),
        reached_s=pl.col("event") * DAY,
    )  # fmt: skip
    first = reached.select("studyid", "usubjid", part=pl.lit("all"), place=pl.lit(1), onset_s="reached_s")
    members = pl.concat(
        subjects.select(stratum, "studyid", "usubjid", part=pl.lit("all"))
        for stratum in (pl.lit("overall").alias("stratum"), ("dose: " + pl.col("dose")).alias("stratum"))
    )
    with database(
        study__stopping_rules=f"studyid | at_least | window_s\nS1 | {at_least} | {10 * DAY}",
        study__studies=f"studyid | cut_s\nS1 | {31 * DAY - 1}",
        staged__subjects=subjects,
        graded__primary_grades="studyid | source | scale\nS1 | reported | ASTCT 2019",
        graded__reached_grades=reached,
        analysis__observed_episodes=first,
        analysis__members=members,
        analysis__strata="stratum | group1 | group2\noverall | |\ndose: DL1 | dose |\ndose: DL2 | dose |",
    ) as db:
        build(db, MODEL)
        return frame(db, "select * from analysis.cohort_evaluations order by stratum desc, usubjid")


def test_a_subject_is_evaluated_when_its_window_is_over_and_in_that_order():
    found = evaluations()
    whole = found.filter(stratum="overall").select("usubjid", "has_event", "answer", "place")
    in_dose = found.filter(pl.col("stratum") != "overall").select("usubjid", in_dose="place")
    assert whole.join(in_dose, on="usubjid", maintain_order="left").rows() == table(EXPECTED).rows()


def test_any_crs_is_an_event_whether_it_has_a_grade_or_not():
    found = evaluations(at_least=1).filter(stratum="overall", answer="event")
    assert found["usubjid"].to_list() == ["P1"]


@pytest.mark.parametrize("at_least", [2, 4])
def test_a_grade_that_nobody_reached_is_nobodys_event(at_least):
    assert not evaluations(at_least=at_least)["has_event"].any()
