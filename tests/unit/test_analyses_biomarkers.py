"""Biomarkers as ARD rows: censored quartiles, peaks by grade, and areas under the curve."""

import polars as pl
import pytest

from pipelines.analyses import Context, ard_rows, biomarkers
from pipelines.analyses.measured import measured
from pipelines.described import read_references
from pipelines.models import read_models
from pipelines.statistics import area_under_curve, jonckheere, kruskal_wallis
from pipelines.warehouse import build, frame
from tests.harness import database, table
from tests.shared import ROOT

MODELS = {model.name: model for model in read_models(ROOT / "sql")}
STRATA = table("""
    stratum    | group1  | group1_level | group2 | group2_level | group3 | group3_level | position
    overall    |         |              |        |              |        |              | 0
    therapy: A | therapy | A            |        |              |        |              | 1
    therapy: B | therapy | B            |        |              |        |              | 2
""")
CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="reported")
DAY = 86400


@pytest.mark.parametrize(
    ("values", "probability", "expected"),
    [
        ("1 2 3 4", 0.5, (2.5, None)),
        ("1 2 3", 0.5, (2.0, None)),
        ("<2 <2 3", 0.5, (None, "<2")),
        ("<2 3 4 5", 0.25, (None, "<3")),
        ("<2 3", 0.5, (None, "<3")),
        ("<2 1 3 4 5", 0.5, (3.0, None)),
        ("1 2 >9 >9", 0.75, (None, ">9")),
        ("1 8 >9 >9", 0.5, (None, ">8")),
        ("<2 >9", 0.5, (None, "NE")),
        (">9", 0.25, (None, ">9")),
    ],
)
def test_a_quantile_beyond_a_limit_is_said_in_words(values, probability, expected):
    words = values.split()
    rows = pl.DataFrame(
        {
            "value": [float(word.strip("<>")) for word in words],
            "censored": [word[0] if word[0] in "<>" else None for word in words],
            "n": [1] * len(words),
        },
        schema_overrides={"censored": pl.String},
    )
    assert measured(rows).quantile(probability) == expected


LABS = """
    usubjid | testcd | value | censored | hour | post_tocilizumab | precision
    P1      | IL6    | 2     | <        | -24  | false            | m
    P1      | IL6    | 5     |          | 0    | false            | D
    P1      | IL6    | 50    |          | 30   | false            | m
    P1      | IL6    | 80    |          | 40   | false            | m
    P1      | IL6    | 900   |          | 60   | true             | m
    P2      | IL6    | 5000  | >        | 30   | false            | m
    P2      | IL6    | 6000  |          | 31   | false            | m
    P2      | IL6    | 9     |          | 700  | false            | m
    P2      | CRP    |       |          | 30   | false            | m
    P2      | PLAT   | 90    |          | 30   | false            | m
"""


@pytest.fixture(scope="module")
def db():
    labs = table(LABS).with_columns(
        studyid=pl.lit("S1"),
        taken_s=pl.col("hour") * 3600 + 10 * DAY,
        file=pl.lit("lb.xpt"),
        row=pl.int_range(pl.len()),
    )
    analysed = labs.with_columns(day=(pl.col("hour") / 24).floor(), taken_dtm=pl.from_epoch("taken_s"))
    staged = labs.select("studyid", "usubjid", "taken_s", taken_precision="precision", _file="file", _row="row")
    with database(
        analysis__biomarkers=analysed.drop("precision", "hour"),
        staged__biomarkers=staged,
        staged__subjects=f"studyid | usubjid | anchor_s\nS1 | P1 | {10 * DAY}\nS1 | P2 | {10 * DAY}",
        analysis__observed_episodes=f"studyid | usubjid | part | place | onset_s\nS1 | P1 | all | 1 | {10 * DAY + 35 * 3600}",
        analysis__adsl="studyid | usubjid | therapy\nS1 | P1 | A\nS1 | P2 | B",
        analysis__subject_results="studyid | usubjid | part | grade | episodes\nS1 | P1 | all | 3 | 1\nS1 | P2 | all | 0 | 0",
        analysis__members="stratum | studyid | usubjid | part\noverall | S1 | P1 | all\noverall | S1 | P2 | all\ntherapy: A | S1 | P1 | all\ntherapy: B | S1 | P2 | all",
    ) as db:
        build(db, MODELS["analysis.biomarker_values"])
        build(db, MODELS["analysis.biomarker_counts"])
        yield db


def test_each_moment_has_one_value_and_interleukin_6_after_tocilizumab_is_apart(db):
    found = frame(
        db, "select usubjid, marker, moment, value, censored from analysis.biomarker_values order by all"
    ).rows()
    assert found == [
        ("P1", "IL6 after tocilizumab", "day 2", 900, None),
        ("P1", "IL6 before tocilizumab", "baseline", 5, None),
        ("P1", "IL6 before tocilizumab", "before onset", 50, None),
        ("P1", "IL6 before tocilizumab", "day 1", 80, None),
        ("P1", "IL6 before tocilizumab", "peak", 80, None),
        ("P2", "IL6 before tocilizumab", "day 1", 5000, ">"),
        ("P2", "IL6 before tocilizumab", "peak", 5000, ">"),
    ]


def tables(counts):
    [listed] = [reference for reference in read_references(ROOT / "sql") if reference.name == "reference.biomarkers"]
    with database() as db:
        return {
            "analysis.strata": STRATA,
            "analysis.biomarker_counts": counts,
            "reference.biomarkers": frame(db, f"select * from {listed.name}"),
        }


def ard(counts):
    return ard_rows("biomarker_results", biomarkers.ANALYSIS.compute(tables(counts)), STRATA, CONTEXT)


def stats(rows, marker, level, by=None, group=None):
    found = rows.filter(
        pl.col("variable") == marker,
        pl.col("variable_level") == level,
        pl.col("by_level").eq_missing(pl.lit(by, dtype=pl.String)),
        pl.col("group1_level").eq_missing(pl.lit(group, dtype=pl.String)),
    )
    return {row["stat_name"]: row["stat"] if row["stat"] is not None else row["stat_text"] for row in found.to_dicts()}


PEAKS = {0: (3, 5, 9), 1: (8, 12, 20, 31), 3: (40, 55, 70, 12), 5: (90,)}


def peaks():
    rows = [
        ("A", "CRP", moment, grade, float(value), None, 1)
        for moment in ("peak", "baseline")
        for grade, values in PEAKS.items()
        for value in values
    ]
    rows += [("A", "CRP", "left out", None, None, None, 4)]
    return pl.DataFrame(
        rows,
        schema=["therapy", "marker", "moment", "grade", "value", "censored", "n"],
        orient="row",
        schema_overrides={"censored": pl.String},
    )


def test_peaks_are_tested_by_grade():
    rows = ard(peaks())
    groups = [PEAKS.get(grade, ()) for grade in range(6)]
    assert stats(rows, "CRP", "Kruskal-Wallis")["statistic"] == pytest.approx(kruskal_wallis(groups).statistic)
    assert stats(rows, "CRP", "Jonckheere")["p_value"] == pytest.approx(jonckheere(groups).p_value)
    assert stats(rows, "CRP", "peak", ">=3") == {
        "n": 5,
        "results_below": 0,
        "results_above": 0,
        "median": 55,
        "q1": 40,
        "q3": 70,
    }


def test_the_area_under_the_curve_is_that_of_grade_3_and_more():
    found = stats(ard(peaks()), "CRP", "AUC baseline")
    expected = area_under_curve([*PEAKS[3], *PEAKS[5]], [*PEAKS[0], *PEAKS[1]])
    assert (found["n"], found["n_events"], found["auc"]) == (12, 5, expected.estimate)
    assert (found["ci_low"], found["ci_high"]) == (expected.lower, expected.upper)


def test_results_without_a_value_are_counted(db):
    assert stats(ard(peaks()), "CRP", "left out") == {"results": 4}
    assert stats(ard(frame(db, "select * from analysis.biomarker_counts")), "CRP", "left out") == {"results": 1}


def test_a_median_above_the_limit_is_said_so(db):
    rows = ard(frame(db, "select * from analysis.biomarker_counts"))
    assert stats(rows, "IL6 before tocilizumab", "peak", group="B")["median"] == ">5000"
    assert stats(rows, "IL6 before tocilizumab", "peak", "none")["results_above"] == 1


def test_a_study_without_laboratory_results_has_every_row_and_says_why():
    rows = ard(peaks().clear())
    assert rows.height == ard(peaks()).height
    assert rows.filter(pl.col("stat").is_null(), pl.col("warning").is_null()).height == 0


def test_the_subjects_behind_every_number_are_as_many_as_it_says(db):
    rows = ard(frame(db, "select * from analysis.biomarker_counts"))
    counted = rows.filter(pl.col("stat_name").is_in(["n", "n_events"]), pl.col("stat") > 0)
    db.execute("set schema = 'analysis'")
    found = [frame(db, sql).height for sql in counted["subjects_sql"]]
    db.execute("set schema = 'main'")
    assert found == counted["stat"].to_list()
