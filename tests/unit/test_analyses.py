"""From tables to ARD rows, on numbers that can be counted by hand."""

import polars as pl
import pytest
from threadpoolctl import threadpool_info

from pipelines.analyses import ANALYSES, Analysis, Context, ard_rows
from pipelines.analyses.grades import LEVELS, chosen
from tests.harness import table

STRATA = table("""
    stratum    | group1  | group1_level | group2 | group2_level | group3 | group3_level | position
    overall    |         |              |        |              |        |              | 0
    therapy: A | therapy | A            |        |              |        |              | 1
    therapy: B | therapy | B            |        |              |        |              | 2
""")
CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="reported")


def ard(name, **tables):
    [analysis] = [one for one in ANALYSES if one.name == name]
    frames = {f"analysis.{key}": table(text) for key, text in tables.items()} | {"analysis.strata": STRATA}
    return ard_rows(name, analysis.compute(frames), STRATA, CONTEXT)


def stats(rows, **where):
    found = rows.filter(*(pl.col(name) == value if value else pl.col(name).is_null() for name, value in where.items()))
    return {row["stat_name"]: row["stat"] if row["stat"] is not None else row["stat_text"] for row in found.to_dicts()}


COUNTS = """
    stratum    | grade | n
    overall    | 0     | 2
    overall    | 1     | 3
    overall    | 4     | 1
    overall    |       | 1
    therapy: A | 0     | 2
    therapy: B |       | 0
"""


def test_incidence_counts_each_subject_once_by_its_highest_grade():
    rows = ard("incidence", grade_counts=COUNTS)
    expected = {"any": 5, "none": 2, "1": 3, "2": 0, "3": 0, "4": 1, "5": 0, ">=2": 1, ">=3": 1, ">=4": 1, "missing": 1}
    found = {level: stats(rows, group1=None, variable_level=level)["n"] for level in expected}
    assert found == expected


def test_with_crs_and_without_it_are_all_subjects():
    rows = ard("incidence", grade_counts=COUNTS)
    parts = [stats(rows, group1=None, variable_level=level)["n"] for level in ("any", "none")]
    assert sum(parts) == stats(rows, group1=None, variable_level="any")["N"] == 7


def test_a_stratum_without_subjects_is_printed_and_not_estimable():
    rows = ard("incidence", grade_counts=COUNTS)
    assert stats(rows, group1_level="B", variable_level="any") == {
        "n": 0,
        "N": 0,
        "p": "NE",
        "ci_low": "NE",
        "ci_high": "NE",
        "wilson_low": "NE",
        "wilson_high": "NE",
    }


def test_a_cell_keeps_its_id_from_run_to_run_and_from_cut_to_cut():
    [analysis] = [one for one in ANALYSES if one.name == "incidence"]
    frames = {"analysis.grade_counts": table(COUNTS), "analysis.strata": STRATA}
    later = Context(study="S1", cut="2026-12-31", scale="ASTCT 2019", source="reported")
    first, second = (ard_rows("incidence", analysis.compute(frames), STRATA, c)["cell_id"] for c in (CONTEXT, later))
    assert first.to_list() == second.to_list()
    assert first.n_unique() == first.len()


TIMES = """
    stratum | paramcd | grade | aval | cnsr | n
    overall | TTCRS   | 2     | 1.0  | 0    | 1
    overall | TTCRS   | 1     | 2.0  | 0    | 1
    overall | TTCRS   | 0     | 2.0  | 2    | 1
    overall | TTCRS   | 0     | 30.0 | 1    | 1
    overall | TTRES   | 2     | 4.0  | 0    | 1
    overall | TTRES   | 1     | 9.0  | 1    | 1
"""


def test_death_competes_with_onset():
    rows = ard("onset", stratum_times=TIMES)
    day2 = stats(rows, group1=None, variable="TTCRS", variable_level="day 2")
    assert (day2["cif"], day2["at_risk"]) == (0.5, 3)
    everyone = stats(rows, group1=None, variable="TTCRS", variable_level="all")
    assert everyone == {"n_subjects": 4, "n_events": 2, "n_competing": 1, "n_censored": 1}


def test_a_stratum_that_nobody_is_in_has_rows_that_say_so():
    rows = ard("onset", stratum_times=TIMES)
    empty = rows.filter(
        pl.col("group1_level") == "B", pl.col("variable") == "TTCRS", pl.col("variable_level") == "day 7"
    )
    assert set(empty.filter(pl.col("stat").is_null())["warning"]) == {"no subjects"}


def test_an_ongoing_episode_is_censored_and_the_naive_median_leaves_it_out():
    rows = ard("duration", stratum_times=TIMES)
    where = {"group1": None, "by_level": "any"}
    km = stats(rows, variable_level="KM", **where)
    assert (km["n"], km["n_events"], km["n_censored"], km["median"]) == (2, 1, 1, 6.5)
    assert stats(rows, variable_level="resolved only", **where)["n"] == 1


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_chosen_in_polars_is_the_level_chosen_in_sql(level):
    grades = pl.DataFrame({"grade": [None, 0, 1, 2, 3, 4, 5]}, schema={"grade": pl.Int64})
    frame = grades.with_columns(episodes=pl.col("grade").fill_null(1).clip(upper_bound=1))
    condition = LEVELS[level].replace("r.", "")
    assert frame.filter(chosen(level)).rows() == frame.sql(f"select * from self where {condition}").rows()


def test_an_analysis_does_its_linear_algebra_in_one_thread_so_that_it_comes_out_again_elsewhere():
    def threads(_):
        yield from (one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas")

    assert {*Analysis(name="threads", reads=(), compute=threads).cells({})} == {1}
