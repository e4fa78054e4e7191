"""Times to events, from a few subjects drawn in text to rows that can be counted by hand."""

import math
from itertools import product

import polars as pl
import pytest

from pipelines.analyses import ANALYSES, Context, ard_rows
from pipelines.analyses.labels import COUNTS
from pipelines.statistics import gray, log_rank
from pipelines.warehouse import build, frame
from tests.harness import MODELS, database, table

CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="reported")
STRATA = table("""
    stratum                | group1        | group1_level | group2 | group2_level | group3        | group3_level | position
    overall                |               |              |        |              |               |              | 0
    therapy: A             | therapy       | A            |        |              |               |              | 1
    therapy: B             | therapy       | B            |        |              |               |              | 2
    therapy: C             | therapy       | C            |        |              |               |              | 3
    dose: DL1              | dose          | DL1          |        |              |               |              | 4
    dose: Missing          | dose          | Missing      |        |              |               |              | 5
    tumour_burden: Missing | tumour_burden | Missing      |        |              |               |              | 6
    A / DL1 / Missing      | therapy       | A            | dose   | DL1          | tumour_burden | Missing      | 7
""")
# Days: onset of CRS, its length, tocilizumab from onset, a change of treatment, end of observation. Grade x is unknown.
MIXED = """
    id | therapy | dose    | grade | onset | length | toci | change | until | dead
    P1 | A       | DL1     | 1     | 1.0   | 4.0    |      |        | 40.0  | false
    P2 | A       | DL1     | 2     | 2.0   | 6.0    | 1.0  |        | 40.0  | false
    P3 | A       | Missing | 4     | 2.0   | 10.0   | 0.5  |        | 12.0  | true
    P4 | A       | DL1     | 0     |       |        |      | 3.0    | 40.0  | false
    P5 | B       | Missing | 0     |       |        |      |        | 5.0   | true
    P6 | B       | DL1     | x     | 6.0   | 2.0    |      | 2.0    | 40.0  | false
    P7 | B       | DL1     | 3     | 9.0   | 8.0    | 8.0  |        | 40.0  | false
    P8 | B       | DL1     | 0     |       |        |      |        | 20.0  | false
"""
HEADER = MIXED.strip().splitlines()[0]
EDGES = {
    "nobody": "",
    "one subject": "P1 | A | DL1 | 2 | 1.0 | 4.0 | 1.0 | | 40.0 | false",
    "no events": "P1 | A | DL1 | 0 | | | | | 40.0 | false\nP2 | B | DL1 | 0 | | | | | 9.0 | true",
    "all tied": "P1 | A | DL1 | 3 | 1.0 | 2.0 | 2.0 | | 40.0 | false\nP2 | B | DL1 | 3 | 1.0 | 2.0 | 2.0 | | 40.0 | false",
    "one stratum empty": "P1 | A | DL1 | 1 | 1.0 | 2.0 | | | 40.0 | false\nP2 | A | DL1 | 0 | | | | | 40.0 | false",
    "all censored": "P1 | A | DL1 | 0 | | | | | 3.0 | false\nP2 | B | Missing | 0 | | | | | 3.0 | false",
    "time zero": "P1 | A | DL1 | 2 | 0.0 | 0.0 | 0.0 | | 0.0 | false\nP2 | B | DL1 | 0 | | | | | 0.0 | true",
    "everyone dead": "P1 | A | DL1 | 5 | 1.0 | 3.0 | 1.0 | | 4.0 | true\nP2 | B | DL1 | 0 | | | | | 2.0 | true",
}
OF_TIMES = ("onset", "onset_curve", "onset_sensitivity", "time_tests", "duration", "duration_curve", "interventions")
NAMES = (*OF_TIMES, "tocilizumab", "outcome")
COUNTED = (
    "grade_counts",
    "outcome_counts",
    "treatment_counts",
    "treated_outcome_counts",
    "stratum_times",
    "level_times",
)


def people(text):
    """The subjects drawn, with their types, even when there are none."""
    kinds = dict.fromkeys(("id", "therapy", "dose", "grade"), pl.String)
    kinds |= dict.fromkeys(("onset", "length", "toci", "change", "until"), pl.Float64) | {"dead": pl.Boolean}
    return table(text if text.strip().startswith("id") else f"{HEADER}\n{text}").cast(kinds).to_dicts()


def graded(person):
    return None if person["grade"] == "x" else int(person["grade"])


def times(person):
    """The parameters of one subject, each with its time and how it ended."""
    grade, until = graded(person), (person["until"], 2 if person["dead"] else 1)
    for at_least, name in ((1, "TTCRS"), (2, "TTCRS2"), (3, "TTCRS3")):
        reached = person["grade"] != "0" and (at_least == 1 or (grade or 0) >= at_least)
        main = (person["onset"], 0) if reached else until
        yield name, *main
        changed = person["change"] is not None and person["change"] < main[0]
        yield name.replace("TTCRS", "TTCRSX"), *((person["change"], 3) if changed else main)
    if person["onset"] is not None:
        died = grade == 5 or (person["dead"] and person["onset"] + person["length"] == person["until"])
        yield "TTRES", person["length"], 2 if died else 0
        yield "TTTOCI", *((person["length"], 2) if person["toci"] is None else (person["toci"], 0))
        yield "TTMAX", 0.5, 0
        yield "DOSETOCRS", person["onset"], 0


def observed(given):
    """The tables of the subjects, as the models before these would leave them."""
    key = [{"studyid": "S1", "usubjid": one["id"], "part": "all"} for one in given]
    text, whole = pl.String, pl.Int64
    keys = {"studyid": text, "usubjid": text, "part": text}
    results = [
        k
        | {"grade": graded(one), "episodes": int(one["grade"] != "0")}
        | {"outcome": None if one["grade"] == "0" else "fatal" if one["dead"] else "resolved"}
        for k, one in zip(key, given, strict=True)
    ]
    found = [
        k | {"paramcd": name, "aval": aval, "cnsr": cnsr}
        for k, one in zip(key, given, strict=True)
        for name, aval, cnsr in times(one)
    ]
    levels = [
        k | {"variable": variable, "level": one.get(variable, "Missing")}
        for (k, one), variable in product(zip(key, given, strict=True), ("therapy", "dose", "tumour_burden"))
    ]
    strata = [k | {"stratum": "overall"} for k in key]
    strata += [{**row, "stratum": f"{row['variable']}: {row['level']}"} for row in levels]
    treated = [k | {"treatment": "tocilizumab"} for k, one in zip(key, given, strict=True) if one["toci"] is not None]
    episodes = [
        k | {"treatment": "tocilizumab", "answer": "not given" if one["toci"] is None else "given"}
        for k, one in zip(key, given, strict=True)
        if one["grade"] != "0"
    ]
    return {
        "analysis__strata": STRATA,
        "analysis__subject_results": pl.DataFrame(results, keys | {"grade": whole, "episodes": whole, "outcome": text}),
        "analysis__time_to_event": pl.DataFrame(found, keys | {"paramcd": text, "aval": pl.Float64, "cnsr": whole}),
        "analysis__subject_levels": pl.DataFrame(levels, keys | {"variable": text, "level": text}),
        "analysis__members": pl.DataFrame(strata, keys | {"stratum": text}),
        "analysis__subject_treatments": pl.DataFrame(treated, keys | {"treatment": text}).with_columns(
            occasion=pl.lit("during CRS")
        ),
        "analysis__episode_treatments": pl.DataFrame(episodes, keys | {"treatment": text, "answer": text}),
    }


def fill(db, text):
    """The subjects in the database instead of those before, with everything counted."""
    for name, given in observed(people(text)).items():
        db.register("given", given.to_arrow())
        db.execute(f"create or replace table {name.replace('__', '.')} as select * from given")
        db.unregister("given")
    for name in COUNTED:
        build(db, MODELS[f"analysis.{name}"])


def results(db, name, dose_by="level"):
    """The rows of an analysis."""
    [analysis] = [one for one in ANALYSES if one.name == name]
    parameters = {"study.parameters": table(f"studyid | dose_by\nS1 | {dose_by}")}
    tables = {
        read: frame(db, f"select * from {read}") for read in analysis.reads if read not in parameters
    } | parameters
    return ard_rows(name, analysis.compute(tables), STRATA, CONTEXT)


@pytest.fixture(scope="module")
def db():
    with database() as made:
        fill(made, MIXED)
        made.execute("set schema = 'analysis'")
        yield made


@pytest.fixture(scope="module")
def ards(db):
    return {name: results(db, name) for name in NAMES}


@pytest.fixture(scope="module")
def edges():
    made = {}
    with database() as db:
        for name, text in EDGES.items():
            fill(db, text)
            made[name] = {analysis: results(db, analysis) for analysis in NAMES}
    return made


def stats(rows, **where):
    """The statistics at one place; what is not named is all subjects."""
    where = {"group1": None, "group2": None, "by_variable": None} | where
    found = rows.filter(pl.col(name).eq_missing(pl.lit(value, dtype=pl.String)) for name, value in where.items())
    return {name: text if stat is None else stat for name, stat, text in found["stat_name", "stat", "stat_text"].rows()}


def test_the_time_lost_is_the_area_under_the_curve(ards):
    # CRS in 1 of 8 on day 1, 2 on day 2, and, the death on day 5 competing, 1 of 4 and 1 of 3 of the half left.
    lost = stats(ards["onset"], variable="TTCRS", variable_level="to day 28")["time_lost"]
    assert lost == pytest.approx((27 + 2 * 26 + 22 + 19) / 8)


def test_one_minus_kaplan_meier_overstates_what_a_death_prevents(ards):
    day = stats(ards["onset"], variable="TTCRS", variable_level="day 28")
    assert day["complement_km"] > day["cif"]
    # 5 of 8 are without CRS after day 2; the death on day 5 is censored; 3 of 4 left are without it after day 6.
    day = stats(ards["onset"], variable="TTCRS", variable_level="day 7")
    assert day["cif"] == pytest.approx(4 / 8)
    assert day["complement_km"] == pytest.approx(1 - 5 / 8 * 3 / 4)


def test_a_change_of_treatment_competes_in_the_sensitivity_analysis_only(ards):
    found = stats(ards["onset_sensitivity"], variable="TTCRSX", variable_level="all")
    # P4 changed without CRS, P6 before it.
    assert found == {"n_subjects": 8, "n_events": 4, "n_competing": 3, "n_censored": 1}
    assert stats(ards["onset_sensitivity"], variable="TTCRSX", variable_level="change of treatment") == {
        "n_competing": 2
    }
    assert stats(ards["onset"], variable="TTCRS", variable_level="all")["n_events"] == 5


@pytest.mark.parametrize(("within", "strata"), [(None, None), ("dose", [0, 0, 1, 0, 1, 0, 0, 0])])
def test_the_tests_are_those_between_the_levels_with_subjects(ards, within, strata):
    days, causes, groups = [1, 2, 2, 40, 5, 6, 9, 20], [1, 1, 1, 0, 2, 1, 1, 0], list("AAAABBBB")
    across = "across" if within is None else f"across within {within}"
    where = {"by_variable": across, "by_level": "therapy", "variable": "TTCRS"}
    by_gray = gray(days, causes, groups, strata)
    by_rank = log_rank(days, [cause == 1 for cause in causes], groups, strata)
    for level, expected in (("Gray", by_gray), ("log-rank", by_rank)):
        found = stats(ards["time_tests"], variable_level=level, **where)
        assert found["statistic"] == pytest.approx(expected.statistic)
        assert (found["df"], found["p_value"]) == (1, pytest.approx(expected.p_value))
    assert stats(ards["time_tests"], variable_level="compared", **where) == {"n_subjects": 8, "n_events": 5}


def test_subjects_whose_level_is_missing_are_not_compared(ards):
    where = {"by_variable": "across", "by_level": "dose", "variable": "TTCRS"}
    assert stats(ards["time_tests"], variable_level="compared", **where)["n_subjects"] == 6
    assert stats(ards["time_tests"], variable_level="Gray", **where)["p_value"] == "NE"


def test_levels_that_share_subjects_are_not_compared(db):
    rows = results(db, "time_tests", dose_by="dose_number").filter(pl.col("variable") == "TTRES")
    stepped = pl.col("warning").str.starts_with("with step-up dosing").fill_null(False)
    about_dose = (pl.col("by_level") == "dose") | pl.col("by_variable").str.ends_with("dose")
    assert rows.filter(stepped != about_dose).rows() == []
    assert stats(rows, by_variable="across", by_level="therapy", variable_level="compared")["n_subjects"] == 5


def test_an_end_without_tocilizumab_competes_with_it(ards):
    where = {"by_variable": "max_grade", "by_level": "any", "variable": "TTTOCI"}
    found = [stats(ards["tocilizumab"], variable_level=f"day {day}", **where) for day in (1, 3, 7)]
    # Of five, tocilizumab on days 0.5 and 1; two end without it on days 2 and 4; the last has it on day 8.
    assert [(day["cif"], day["at_risk"]) for day in found] == [(0.4, 4), (0.4, 2), (0.4, 1)]
    assert stats(ards["tocilizumab"], variable_level="all", **where)["n_competing"] == 2


def test_quartiles_of_a_duration_are_those_of_the_curve_and_keep_their_own_limits(ards):
    where = {"by_variable": "max_grade", "by_level": "any", "variable": "duration_days"}
    # Resolved on days 2, 4, 6 and 8 of five; the fatal one is censored on day 10.
    found = [stats(ards["duration"], variable_level=level, **where) for level in ("KM q1", "KM", "KM q3")]
    assert [one[name] for one, name in zip(found, ("q1", "median", "q3"), strict=True)] == [4, 6, 8]
    assert found[2]["ci_high"] == "NR"
    naive = stats(ards["duration"], variable_level="resolved only", **where)
    assert (naive["n"], naive["mean"], naive["sd"]) == (4, 5, pytest.approx(math.sqrt(20 / 3)))


def test_outcome_is_split_by_what_was_given_in_the_episode(ards):
    where = {"variable": "outcome", "variable_level": "fatal", "by_variable": "tocilizumab_in_episode"}
    found = [stats(ards["outcome"], by_level=level, **where) for level in ("given", "not given")]
    assert [(one["n"], one["N"]) for one in found] == [(1, 3), (0, 2)]


def test_crossed_strata_are_not_split_by_treatment(ards):
    crossed = ards["outcome"].filter(pl.col("group2").is_not_null())
    assert set(crossed["by_variable"]) == {"max_grade"}


def test_time_to_treatment_is_described_among_the_treated(ards):
    found = stats(ards["interventions"], variable="tocilizumab_days_from_onset", variable_level="first episode")
    assert [found[name] for name in ("n", "mean", "median", "min", "max")] == [3, pytest.approx(9.5 / 3), 1, 0.5, 8]


@pytest.mark.parametrize("name", NAMES)
def test_the_subjects_behind_every_count_are_as_many_as_it_says(name, db, ards):
    drawn = pl.col("group1").is_null() | (pl.col("group1_level") == "B")
    counted = ards[name].filter(drawn, pl.col("stat_name").is_in(COUNTS)).drop_nulls("stat")
    behind = {sql: frame(db, sql).unique(["studyid", "usubjid"]).height for sql in counted["subjects_sql"].unique()}
    wrong = counted.filter(pl.col("subjects_sql").replace_strict(behind, return_dtype=pl.Float64) != pl.col("stat"))
    assert wrong.select("variable", "variable_level", "by_level", "stat_name", "stat").rows() == []


@pytest.mark.parametrize("name", NAMES)
def test_every_number_names_its_subjects(name, ards):
    assert ards[name].filter(pl.col("subjects_sql").is_null()).rows() == []


@pytest.mark.parametrize(("edge", "name"), list(product(EDGES, NAMES)))
def test_at_an_edge_a_number_is_finite_or_says_why_not(edge, name, edges):
    rows = edges[edge][name]
    assert all(map(math.isfinite, rows["stat"].drop_nulls()))
    silent = rows.filter(pl.col("stat").is_null(), pl.col("stat_text").is_null() | pl.col("warning").is_null())
    assert silent.select("variable", "variable_level", "stat_name").rows() == []


@pytest.mark.parametrize(("edge", "name"), list(product(EDGES, [n for n in NAMES if "curve" not in n])))
def test_at_an_edge_the_rows_are_the_same(edge, name, edges, ards):
    assert set(edges[edge][name]["cell_id"]) == set(ards[name]["cell_id"])


@pytest.mark.parametrize(
    ("edge", "variable", "level", "expected"),
    [
        ("nobody", "TTCRS", "to day 28", {"time_lost": "NE"}),
        ("no events", "TTCRS", "to day 28", {"time_lost": 0, "ci_low": "NE"}),
        ("all tied", "TTCRS", "day 1", {"cif": 1, "complement_km": 1, "at_risk": 2}),
        ("all censored", "TTCRS", "day 3", {"cif": 0, "complement_km": 0, "at_risk": 2}),
        ("all censored", "TTCRS", "day 7", {"cif": "NE", "complement_km": "NE", "at_risk": 0}),
        ("time zero", "TTCRS", "to day 28", {"time_lost": 14}),
        ("everyone dead", "TTCRS", "to day 28", {"time_lost": 13.5}),
    ],
)
def test_onset_at_an_edge(edge, variable, level, expected, edges):
    found = stats(edges[edge]["onset"], variable=variable, variable_level=level)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        ("nobody", "fewer than two groups"),
        ("one subject", "fewer than two groups"),
        ("one stratum empty", "fewer than two groups"),
        ("no events", "nobody had the event, or all at one time"),
        ("all tied", "nobody had the event, or all at one time"),
    ],
)
def test_a_test_that_cannot_be_says_why(edge, reason, edges):
    rows = edges[edge]["time_tests"].filter(pl.col("variable") == "TTCRS", pl.col("variable_level") == "Gray")
    crude = rows.filter(pl.col("by_variable") == "across", pl.col("by_level") == "therapy")
    assert set(crude["warning"]) == {reason}
