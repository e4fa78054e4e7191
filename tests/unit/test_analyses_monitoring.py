"""The board's stopping rule as ARD rows, on subjects that can be counted by hand."""

import duckdb
import polars as pl
import pytest
from scipy.integrate import quad

from pipelines.analyses import Context, ard_rows, monitoring
from pipelines.analyses.labels import COUNTS
from tests.harness import table

STRATA = table("""
    stratum    | group1  | group1_level | group2 | group2_level | group3 | group3_level | position
    overall    |         |              |        |              |        |              | 0
    therapy: A | therapy | A            |        |              |        |              | 1
    dose: DL1  | dose    | DL1          |        |              |        |              | 2
    dose: DL2  | dose    | DL2          |        |              |        |              | 3
""")
RULE = """
    studyid | at_least | limit_rate | prior_events | prior_without | confidence | window_s
    S1      | 3        | 0.3        | 0.6          | 1.4           | 0.9        | 2592000
"""
ANSWERS = ("event", "no event", "event", "event", "event")
CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="reported")


def evaluations(answers=ANSWERS, stratum="overall"):
    rows = [
        {"studyid": "S1", "usubjid": f"P{k}", "has_event": answer == "event", "answer": answer, "place": k}
        for k, answer in enumerate(answers, start=1)
    ]
    late = {"usubjid": "P90", "has_event": True, "answer": "in the window", "place": None}
    lost = {"usubjid": "P91", "has_event": False, "answer": "lost in the window", "place": None}
    rows += [{"studyid": "S1", **late}, {"studyid": "S1", **lost}]
    return pl.DataFrame(rows, schema_overrides={"place": pl.Int64}).select(pl.lit(stratum).alias("stratum"), pl.all())


def ard(found=None, rule=RULE, looks="studyid | subjects\nS1 | 3\nS1 | 5\nS1 | 30", dose_by="level"):
    tables = {
        "analysis.strata": STRATA,
        "analysis.cohort_evaluations": evaluations() if found is None else found,
        "study.stopping_rules": table(rule),
        "study.stopping_looks": table(looks),
        "study.parameters": table(f"studyid | dose_by\nS1 | {dose_by}"),
    }
    return ard_rows("monitoring", monitoring.ANALYSIS.compute(tables), STRATA, CONTEXT)


def stats(rows, variable, level, **where):
    where = {"group1": None, **where}
    found = rows.filter(
        pl.col("variable") == variable,
        pl.col("variable_level") == level,
        *(pl.col(name).eq_missing(pl.lit(value, dtype=pl.String)) for name, value in where.items()),
    )
    return {row["stat_name"]: row["stat"] if row["stat"] is not None else row["stat_text"] for row in found.to_dicts()}


# The rule of analyses.md, section 3: Beta(0.6, 1.4), 0.30, 0.90.
@pytest.mark.parametrize(
    ("of", "stop"), [(3, 3), (5, 4), (6, 4), (8, 5), (10, 6), (15, 8), (20, 9), (25, 11), (30, 13), (1, "NE")]
)
def test_the_boundary_is_that_of_the_specification(of, stop):
    assert stats(ard(), "stopping_boundary", f"of {of}") == {"boundary": stop}


@pytest.mark.parametrize(
    ("rate", "name"), [("0.3", "at the looks"), ("0.3", "after every subject"), ("0.1", "at the looks")]
)
def test_the_type_i_error_is_that_of_enumerating_every_path(rate, name):
    looks = (3, 5, 30) if name == "at the looks" else range(1, 31)
    found = stats(ard(), "operating_characteristics", f"true rate {rate}", by_level=f"S1, {name}")
    assert found["stop_probability"] == pytest.approx(stopping(float(rate), {n: fewest(n) for n in looks}), abs=1e-9)


def fewest(n):
    """The fewest events of n that stop, by integrating the posterior; never is one more than all."""
    for x in range(n + 1):
        share = [
            quad(lambda rate, x=x: rate ** (x - 0.4) * (1 - rate) ** (n - x + 0.4), *ends)[0]
            for ends in ((0.3, 1), (0, 1))
        ]
        if share[0] / share[1] > 0.9:
            return x
    return n + 1


def stopping(rate, boundary):
    """The chance of stopping, path by path over a dictionary of events so far."""
    going, stopped = {0: 1.0}, 0.0
    for n in range(1, max(boundary) + 1):
        step = {}
        for x, chance in going.items():
            step[x] = step.get(x, 0) + chance * (1 - rate)
            step[x + 1] = step.get(x + 1, 0) + chance * rate
        out = {x for x in step if n in boundary and x >= boundary[n]}
        stopped += sum(step[x] for x in out)
        going = {x: chance for x, chance in step.items() if x not in out}
    return stopped


def test_the_present_is_told_of_those_who_finished_the_window():
    rows = ard()
    assert stats(rows, "stopping_rule", "event") | {"p": 0, "ci_low": 0, "ci_high": 0} == {
        "n": 4, "N": 5, "p": 0, "ci_low": 0, "ci_high": 0,
    }  # fmt: skip
    now = stats(rows, "stopping_rule", "now")
    assert (now["boundary"], now["crossed"]) == (4, 1)
    assert [stats(rows, "stopping_rule", answer)["n"] for answer in monitoring_answers()] == [1, 1, 1]


def monitoring_answers():
    return ["in the window", "event in the window", "lost in the window"]


def test_a_boundary_that_was_crossed_once_stays_crossed_in_the_course():
    found = ard(evaluations(("event", "event", "event", "no event", "no event", "no event")))
    assert stats(found, "stopping_rule", "now")["crossed"] == 0
    assert stats(found, "stopping_rule", "first crossing") == {"crossed_at": 2}
    assert [stats(found, "stopping_course", f"after {k}")["n_events"] for k in (1, 3, 6)] == [1, 3, 3]


def test_a_cohort_nobody_of_which_has_finished_says_so():
    rows = ard(evaluations(())).filter(pl.col("group1_level") == "DL2", pl.col("variable_level") == "now")
    assert set(rows["stat_text"]) == {"NE"}
    assert set(rows["warning"]) == {"no subject has finished the window"}


def test_a_step_up_dose_is_no_cohort():
    assert set(ard(dose_by="dose_number")["group1"]) == {None, "therapy"}


def test_a_study_without_a_board_has_no_rows():
    assert ard(rule=RULE.splitlines()[1]).height == 0


def test_the_subjects_behind_every_number_are_as_many_as_it_says():
    found = evaluations()
    counted = ard(found).filter(pl.col("stat_name").is_in(COUNTS))
    with duckdb.connect() as db:
        db.register("cohort_evaluations", found.to_arrow())
        behind = [db.sql(sql).pl().unique().height for sql in counted["subjects_sql"]]
    assert behind == counted["stat"].to_list()
