"""Agreement of two gradings, on subjects that can be counted by hand."""

import polars as pl
import pytest

from pipelines.analyses import ANALYSES, Context, ard_rows
from pipelines.warehouse import build, frame
from tests.harness import MODELS, database, table

CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="derived")
STRATA = """
    stratum           | group1  | group1_level | group2 | group2_level | group3 | group3_level | position
    overall           |         |              |        |              |        |              | 0
    therapy: A        | therapy | A            |        |              |        |              | 1
    therapy: B        | therapy | B            |        |              |        |              | 2
    dose: Step 1      | dose    | Step 1       |        |              |        |              | 3
    A / Step 1 / High | therapy | A            | dose   | Step 1       | burden | High         | 4
"""
PAIR = "reported (Lee 2014) and derived (ASTCT 2019)"
# Reported and derived grade of each subject; P6 has CRS without a reported grade.
GRADES = {"P1": (0, 0), "P2": (0, 2), "P3": (2, 2), "P4": (3, 2), "P5": (4, 4), "P6": (None, 1)}


@pytest.fixture(scope="module")
def db():
    """The subjects, of whom all are in therapy A, with their grades compared and counted."""
    header = "studyid | usubjid | source | scale | grade | grade_min | grade_max | episodes | is_assessable"
    rows = [
        f"S1 | {subject} | {name} | {'' if grade is None else grade} | {grade or 0} | {grade or 0} | {int(grade != 0)} | true"
        for subject, grades in GRADES.items()
        for name, grade in zip(("reported | Lee 2014", "derived | ASTCT 2019"), grades, strict=True)
    ]
    strata = {"overall": "all", "therapy: A": "all", "dose: Step 1": "Step 1", "A / Step 1 / High": "Step 1"}
    members = pl.DataFrame(
        [{"stratum": s, "studyid": "S1", "usubjid": p, "part": part} for s, part in strata.items() for p in GRADES]
    )
    with database(
        analysis__adcrs_subject="\n".join([header, *rows]),
        analysis__strata=STRATA,
        analysis__members=members,
        analysis__subject_results=members.select("studyid", "usubjid", "part").unique(),
        study__scales="studyid | scale | position\nS1 | ASTCT 2019 | 1",
    ) as made:
        for name in ("analysis.grade_pairs", "analysis.pair_counts"):
            build(made, MODELS[name])
        yield made


@pytest.fixture(scope="module")
def ard(db):
    return results(frame(db, "select * from analysis.pair_counts"))


def results(counts: pl.DataFrame) -> pl.DataFrame:
    [analysis] = [one for one in ANALYSES if one.name == "agreement"]
    strata = table(STRATA)
    cells = analysis.compute({"analysis.pair_counts": counts, "analysis.strata": strata})
    return ard_rows("agreement", cells, strata, CONTEXT)


def overall(counts: str) -> pl.DataFrame:
    """The results of grades counted over all subjects."""
    given = table(counts).with_columns(stratum=pl.lit("overall"), pair=pl.lit(PAIR), position=1)
    return results(given)


def stats(rows: pl.DataFrame, level: str, by: str | None = None, stratum: str | None = None) -> dict:
    found = rows.filter(
        pl.col("variable_level") == level,
        pl.col("by_level").eq_missing(pl.lit(by)),
        pl.col("group1_level").eq_missing(pl.lit(stratum)),
    )
    return {name: text if stat is None else stat for name, stat, text in found["stat_name", "stat", "stat_text"].rows()}


def test_the_cross_table_has_the_first_grading_in_rows_and_the_second_in_columns(ard):
    cells = ard.filter(pl.col("by_variable") == "first_grade")
    assert cells.height == 49
    found = {(row["by_level"], row["variable_level"]): row["stat"] for row in cells.to_dicts() if row["stat"]}
    assert found == {("0", "0"): 1, ("0", "2"): 1, ("2", "2"): 1, ("3", "2"): 1, ("4", "4"): 1, ("missing", "1"): 1}


@pytest.mark.parametrize(
    ("level", "n", "of"),
    [
        ("compared", 5, 6),
        ("left out", 1, 6),
        ("same grade", 3, 5),
        ("within one grade", 4, 5),
        ("CRS or none", 4, 5),
    ],
)
def test_agreement_is_of_those_graded_by_both(ard, level, n, of):
    found = stats(ard, level)
    assert (found["n"], found["N"]) == (n, of)


def test_agreement_is_a_proportion_with_its_exact_interval(ard):
    found = stats(ard, "same grade")
    # 3 of 5, as R's binom.test has it.
    assert [round(found[name], 4) for name in ("p", "ci_low", "ci_high")] == [0.6, 0.1466, 0.9473]


def test_kappa_of_the_cells_is_the_published_one():
    # Agresti A. Categorical Data Analysis. Wiley 1990, table 10.9; kappa and standard error as R's vcd prints them.
    counts = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
    rows = [f"{i} | {j} | {n}" for i, line in enumerate(counts) for j, n in enumerate(line)]
    found = stats(overall("\n".join(["first_grade | second_grade | n", *rows, " | 1 | 30"])), "weighted kappa")
    assert (found["N"], round(found["kappa"], 4)) == (91, 0.2374)
    assert round((found["ci_high"] - found["ci_low"]) / 2 / 1.959964, 4) == 0.0783


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ("2 | 2 | 4", "both gradings give every subject the same grade"),
        (" | 2 | 4\n2 | | 1", "no subjects"),
    ],
)
def test_kappa_that_cannot_be_estimated_says_why(counts, reason):
    rows = overall(f"first_grade | second_grade | n\n{counts}").filter(pl.col("variable_level") == "weighted kappa")
    assert stats(rows, "weighted kappa") | {"N": None} == {"N": None, "kappa": "NE", "ci_low": "NE", "ci_high": "NE"}
    assert set(rows.filter(pl.col("stat").is_null())["warning"]) == {reason}


def test_without_subjects_compared_no_agreement_is_estimated():
    rows = overall("first_grade | second_grade | n\n | 2 | 4\n2 | | 1").filter(pl.col("variable_level") == "same grade")
    assert stats(rows, "same grade") == {"n": 0, "N": 0, "p": "NE", "ci_low": "NE", "ci_high": "NE"}


def test_strata_are_of_one_variable_and_of_the_whole_treatment(ard):
    found = ard.select("group1", "group1_level").unique(maintain_order=True).rows()
    assert found == [(None, None), ("therapy", "A"), ("therapy", "B")]


def test_a_stratum_has_no_cross_table_and_one_without_subjects_is_printed(ard):
    assert set(ard.filter(pl.col("by_level").is_not_null())["group1"]) == {None}
    assert [stats(ard, "compared", stratum=stratum) for stratum in "AB"] == [{"n": 5, "N": 6}, {"n": 0, "N": 0}]


def test_the_subjects_behind_every_number_are_as_many_as_it_says(db, ard):
    counted = ard.filter(pl.col("stat_name") == "n")
    db.execute("set schema = 'analysis'")
    found = [frame(db, sql).height for sql in counted["subjects_sql"]]
    assert found == counted["stat"].to_list()


def test_a_study_with_one_source_has_no_rows(db):
    empty = frame(db, "select * from analysis.pair_counts where false")
    assert results(empty).height == 0
