"""Adverse events and symptoms as ARD rows, on a few subjects."""

import polars as pl
import pytest

from pipelines.analyses import ANALYSES, Context, ard_rows
from pipelines.models import read_models
from pipelines.warehouse import build, frame
from tests.harness import database, table
from tests.oracle.r import expected
from tests.shared import ROOT

MODELS = [
    model
    for model in read_models(ROOT / "sql")
    if model.name.split(".")[1]
    in ("event_subjects", "subject_arms", "event_counts", "column_sizes", "crs_symptoms", "symptom_counts")
]
CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="reported")
STRATA = """
    stratum    | group1  | group1_level | group2 | group2_level | group3 | group3_level | position
    overall    |         |              |        |              |        |              | 0
    therapy: A | therapy | A            |        |              |        |              | 1
    therapy: B | therapy | B            |        |              |        |              | 2
"""
EVENTS = """
    usubjid | aebodsys | aesoc  | aedecod  | aetoxgrn | aeser | aerel            | aesdth | aeout | aeoccur | trtemfl | hour
    P1      | CARDIAC  |        | PAIN     | 1        |       | NOT RELATED      |        |       |         | Y       | 1
    P1      | CARDIAC  |        | PAIN     | 3        | Y     | POSSIBLE         |        |       |         | Y       | 30
    P2      | CARDIAC  |        | FLUTTER  |          |       | WHO KNOWS        |        |       |         | Y       | 2
    P2      |          | NERVES |          | 5        | Y     | RELATED          |        | FATAL |         | Y       | 3
    P3      | CARDIAC  |        | PAIN     | 2        |       |                  |        |       | N       | Y       | 4
    P3      | CARDIAC  |        | PAIN     | 2        |       |                  |        |       |         |         | 4
"""


def members(pairs):
    rows = [{"stratum": s, "studyid": "S1", "usubjid": u, "part": p} for s, u, p in pairs]
    return pl.DataFrame(rows)


@pytest.fixture(scope="module")
def db():
    events = table(EVENTS).with_columns(
        pl.lit("S1").alias("studyid"),
        pl.from_epoch(pl.col("hour") * 3600, time_unit="s").alias("astdtm"),
        pl.col("aeoccur", "aesdth", "aedecod").cast(pl.String),
        aeterm=pl.lit("Felt odd"),
    )
    adsl = table("usubjid | arm | saffl\nP1 | X | Y\nP2 | Y | Y\nP3 | Y | Y\nP4 | Screen failure | N").with_columns(
        studyid=pl.lit("S1")
    )
    subjects = ("P1", "P2", "P3")
    everyone = members(
        [
            *(("overall", u, "all") for u in subjects),
            ("therapy: A", "P1", "all"),
            ("therapy: B", "P2", "all"),
            ("therapy: B", "P3", "all"),
        ]
    )
    observations = pl.DataFrame(
        [
            {"studyid": "S1", "usubjid": u, "part": p, "origin_s": o, "until_s": e, "is_to_the_end": end}
            for u in subjects
            for p, o, e, end in (("all", 0, 10**6, True), ("Dose 1", 0, 86400, False), ("Dose 2", 86400, 10**6, True))
        ]
    )
    with database(
        study__studies="studyid | position\nS1 | 1",
        analysis__adae=events,
        analysis__adsl=adsl,
        analysis__observations=observations,
        analysis__members=everyone,
        analysis__strata=STRATA,
        analysis__subject_results="studyid | usubjid | part | grade | episodes\nS1 | P1 | all | 2 | 1\nS1 | P2 | all | 0 | 0\nS1 | P3 | all |  | 1",
        analysis__observed_episodes="studyid | usubjid | part | onset_s | end_s\nS1 | P1 | all | 7200 | 90000\nS1 | P3 | all | 0 | 86400",
        analysis__grade_counts="stratum | grade | n\noverall | 2 | 1\noverall | 0 | 1\noverall | | 1\ntherapy: A | 2 | 1\ntherapy: B | 0 | 1\ntherapy: B | | 1",
        staged__adverse_events="studyid | usubjid | term | start_s | start_precision | occurred\nS1 | P1 | HEADACHE | 9000 | m | true\nS1 | P1 | NAUSEA | 3600 | m | true\nS1 | P1 | CHILLS | 0 | D | true\nS1 | P1 | FATIGUE | 9000 | m | false\nS1 | P3 | HEADACHE | 90000 | m | true",
        raw__ce="studyid | usubjid | cedecod | ceterm | ceoccur | _cestdtc_first | _cestdtc_precision\nS1 | P3 | | Rigors | Y | 60 | m",
        raw__fa="studyid | usubjid | faobj | fatestcd | faorres | fastresc | _fadtc_first | _fadtc_precision\nS1 | P3 | Fever | OCCUR | Y | | 120 | m\nS1 | P3 | Hypoxia | OCCUR | N | | 120 | m",
    ) as db:  # fmt: skip
        for model in MODELS:
            build(db, model)
        yield db


def ard(db, name):
    [analysis] = [one for one in ANALYSES if one.name == name]
    tables = {table_name: frame(db, f"select * from {table_name}") for table_name in analysis.reads}
    return ard_rows(name, analysis.compute(tables), tables["analysis.strata"], CONTEXT)


def stats(rows, variable, level, **where):
    where = {"group1": None, "by_level": None, **where}
    found = rows.filter(
        pl.col("variable") == variable,
        pl.col("variable_level") == level,
        *(pl.col(name).eq_missing(pl.lit(value, dtype=pl.String)) for name, value in where.items()),
    )
    return {row["stat_name"]: row["stat"] for row in found.to_dicts()}


@pytest.mark.parametrize(
    ("kind", "level", "n", "records"),
    [
        ("any", "Any event", 2, 4),
        ("any", "CARDIAC", 2, 3),
        ("any", "CARDIAC / PAIN", 1, 2),
        ("any", "NERVES / Felt odd (not coded)", 1, 1),
        ("serious", "Any event", 2, 2),
        ("grade >=3", "CARDIAC / PAIN", 1, 1),
        ("related", "Any event", 2, 2),
        ("causality unknown", "CARDIAC / FLUTTER", 1, 1),
        ("fatal", "NERVES", 1, 1),
    ],
)
def test_a_subject_counts_once_a_term_and_a_record_each_time(db, kind, level, n, records):
    found = stats(ard(db, "adverse_events"), kind, level)
    assert (found["n"], found["N"], found["records"]) == (n, 3, records)


def test_a_term_found_anywhere_has_a_row_in_every_column(db):
    rows = ard(db, "adverse_events")
    assert stats(rows, "any", "CARDIAC / FLUTTER", group1="therapy", group1_level="A")["n"] == 0
    assert stats(rows, "any", "CARDIAC / FLUTTER", by_level="X", by_variable="arm") == {
        "n": 0,
        "N": 1,
        "records": 0,
        "p": 0,
    }


def test_an_arm_without_treated_subjects_is_no_column(db):
    assert set(ard(db, "adverse_events").filter(by_variable="arm")["by_level"]) == {"X", "Y"}


def test_arms_are_held_against_the_first_and_therapies_against_the_first(db):
    rows = ard(db, "adverse_events").filter(
        pl.col("variable") == "any: difference", pl.col("variable_level") == "Any event"
    )
    assert set(rows.select("by_variable", "by_level", "group1_level").rows()) == {
        ("arm against X", "Y", None),
        ("against", "A", "B"),
    }
    assert rows.filter(stat_name="difference")["stat"].to_list() == [-0.5, -0.5]


def test_an_event_belongs_to_the_step_in_which_it_began(db):
    found = frame(
        db, "select part, records from analysis.event_subjects where pt = 'PAIN' and kind = 'any' order by part"
    )
    assert found.rows() == [("Dose 1", 1), ("Dose 2", 1), ("all", 2)]


def test_the_worst_known_grade_is_counted_once():
    case = expected("peers/tern_ae_worst_grade.json")
    events = pl.DataFrame(case["input"]).with_columns(
        studyid=pl.lit("S1"), usubjid=pl.col("USUBJID"), aebodsys=pl.lit("S"), aedecod=pl.lit("T"), aetoxgrn=pl.col("AETOXGR"),
        trtemfl=pl.lit("Y"), astdtm=pl.lit(0).cast(pl.Datetime),
        **{name: pl.lit(None, dtype=pl.String) for name in ("aeterm", "aesoc", "aeser", "aerel", "aesdth", "aeout", "aeoccur")},
    )  # fmt: skip
    observations = events.select(
        "studyid", "usubjid", part=pl.lit("all"), origin_s=pl.lit(0), until_s=pl.lit(9), is_to_the_end=pl.lit(True)
    ).unique()
    for wanted, given in ((case["expected"]["per_grade"], events), ({"1": 2, "2": 2, "3": 2}, _first_ungraded(events))):
        with database(analysis__adae=given, analysis__observations=observations) as db:
            build(db, next(model for model in MODELS if model.name == "analysis.event_subjects"))
            counted = frame(
                db,
                "select kind, count(*) as n from analysis.event_subjects where pt = 'T' and kind like 'worst%' group by kind",
            )
        assert dict(counted.rows()) == {f"worst grade {grade}": n for grade, n in wanted.items() if n}


def _first_ungraded(events):
    # The subject has a grade 3 record as well, which is what is known of it.
    first = pl.int_range(pl.len()) == 0
    return events.with_columns(aetoxgrn=pl.when(first).then(None).otherwise(pl.col("aetoxgrn")))


def test_symptoms_are_those_that_began_in_the_episode(db):
    found = frame(db, "select usubjid, symptom from analysis.crs_symptoms order by all").rows()
    assert found == [("P1", "Chills"), ("P1", "Headache"), ("P3", "Chills"), ("P3", "Fever")]


def test_symptoms_are_counted_among_subjects_with_crs_of_the_grade(db):
    rows = ard(db, "symptoms").filter(pl.col("variable_level") == "Headache", pl.col("group1").is_null())
    [organ] = rows["variable"].unique()
    counts = {by: stats(rows, organ, "Headache", by_level=by) for by in ("any", "2", "5")}
    assert [(counts[by]["n"], counts[by]["N"]) for by in ("any", "2", "5")] == [(1, 2), (1, 1), (0, 0)]


@pytest.mark.parametrize("name", ["adverse_events", "symptoms"])
def test_the_subjects_behind_every_number_are_as_many_as_it_says(db, name):
    counted = ard(db, name).filter(pl.col("stat_name").is_in(["n", "N"]), pl.col("stat") > 0)
    db.execute("set schema = 'analysis'")
    found = [frame(db, sql).height for sql in counted["subjects_sql"]]
    db.execute("set schema = 'main'")
    assert found == counted["stat"].to_list()


def test_a_study_without_adverse_events_has_the_line_of_any_event(db):
    [analysis] = [one for one in ANALYSES if one.name == "adverse_events"]
    tables = {name: frame(db, f"select * from {name}") for name in analysis.reads}
    tables["analysis.event_counts"] = tables["analysis.event_counts"].clear()
    rows = ard_rows("adverse_events", analysis.compute(tables), tables["analysis.strata"], CONTEXT)
    assert set(rows["variable_level"]) == {"Any event"}
    assert stats(rows, "any", "Any event")["n"] == 0


def adae(rows):
    texts = ("aeterm", "aesoc", "aeser", "aerel", "aesdth", "aeout", "aeoccur")
    given = table(rows).with_columns(
        trtemfl=pl.lit("Y"),
        astdtm=pl.lit(0).cast(pl.Datetime),
        **{name: pl.lit(None, dtype=pl.String) for name in texts},
    )
    return given.with_columns(pl.col("aetoxgrn").cast(pl.Int64))


def of_two_studies(arms="S1 | P1 | X | Y\nS1 | P2 | | Y\nS2 | P3 | X | Y\nS2 | P4 | Z | Y"):
    """Events of two pooled studies that spell a term each in its own way; one arm has its name in both."""
    events = adae("""
        studyid | usubjid | aebodsys | aedecod  | aetoxgrn
        S1      | P1      | Nerves   | Headache | 0
        S2      | P3      | NERVES   | HEADACHE | 2
    """)
    people = [("S1", "P1"), ("S1", "P2"), ("S2", "P3"), ("S2", "P4")]
    part = {"part": "all", "origin_s": 0, "until_s": 9, "is_to_the_end": True}
    observations = pl.DataFrame([{"studyid": study, "usubjid": subject, **part} for study, subject in people])
    db = database(
        study__studies="studyid | position\nS1 | 1\nS2 | 2",
        analysis__adae=events,
        analysis__adsl=f"studyid | usubjid | arm | saffl\n{arms}",
        analysis__observations=observations,
        analysis__members=observations.select(pl.lit("overall").alias("stratum"), "studyid", "usubjid", "part"),
        analysis__strata="\n".join(STRATA.strip().splitlines()[:2]),
    )
    for model in MODELS:
        if model.name not in ("analysis.crs_symptoms", "analysis.symptom_counts"):
            build(db, model)
    return db


def test_a_term_is_one_however_studies_spell_it():
    with of_two_studies() as db:
        rows = ard(db, "adverse_events")
    assert stats(rows, "any", "Nerves / Headache")["n"] == 2
    assert "NERVES" not in " ".join(rows["variable_level"])


def test_arms_of_two_studies_are_never_one_nor_held_against_each_other():
    with of_two_studies() as db:
        rows = ard(db, "adverse_events")
    arms = rows.filter(pl.col("by_variable") == "arm")["by_level"].unique().sort().to_list()
    assert arms == ["S1: Missing", "S1: X", "S2: X", "S2: Z"]
    compared = rows.filter(pl.col("by_variable").str.starts_with("arm against"))
    assert set(compared.select("by_variable", "by_level").rows()) == {("arm against S2: X", "S2: Z")}


def test_grade_0_is_no_grade_and_no_subject_is_lost_from_the_worst_ones():
    with of_two_studies() as db:
        rows = ard(db, "adverse_events")
    worst = {
        row["variable"]: row["stat"]
        for row in rows.filter(
            pl.col("variable").str.starts_with("worst"),
            pl.col("variable_level") == "Any event",
            pl.col("by_level").is_null(),
        ).to_dicts()
    }
    assert {name: n for name, n in worst.items() if n} == {"worst grade 2": 1, "worst grade missing": 1}
