"""Where reported and derived CRS differ, counted: on subjects that can be counted by hand."""

import pytest

from pipelines.analyses import Context, ard_rows
from pipelines.analyses.reconciliation import ANALYSIS
from pipelines.behind import behind
from pipelines.warehouse import build, frame
from tests.harness import MODELS, database, table

CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="derived")
STRATA = "stratum | group1 | group1_level | group2 | group2_level | group3 | group3_level | position\noverall | | | | | | | 0"
PAIR = "reported (Lee 2014) and derived (ASTCT 2019)"
# Highest reported and derived grade, each with the lowest and highest compatible with the records.
GRADES = {"P1": ((3, 3, 3), (2, 2, 2)), "P2": ((3, 3, 3), (2, 2, 3)), "P3": ((2, 2, 2), (2, 2, 2))}
KINDS = """
    reported | derived | higher   | kind            | finding
    graded   | graded  | reported | reported higher | Above
    graded   | graded  | derived  | derived higher  | Below
"""


@pytest.fixture(scope="module")
def db():
    """Three subjects, of whom two have a reported grade above the derived one, one of them within the records."""
    sources = ("reported | Lee 2014", "derived | ASTCT 2019")
    header = (
        "studyid | usubjid | source | scale | grade | grade_min | grade_max | episodes | onset_days | is_assessable"
    )
    rows = [
        f"S1 | {subject} | {source} | {grade} | {low} | {high} | 1 | 1.5 | true"
        for subject, grades in GRADES.items()
        for source, (grade, low, high) in zip(sources, grades, strict=True)
    ]
    with database(
        analysis__adcrs_subject="\n".join([header, *rows]),
        study__scales="studyid | scale | position\nS1 | ASTCT 2019 | 1",
        reference__discordance_kinds=KINDS,
        analysis__adsl="studyid | usubjid\nS1 | P1\nS1 | P2\nS1 | P3",
    ) as made:
        for name in ("grade_pairs", "discordances", "finding_counts"):
            build(made, MODELS[f"analysis.{name}"])
        yield made


@pytest.fixture(scope="module")
def ard(db):
    """The results."""
    pairs = table(f"pair | position\n{PAIR} | 1\nderived (ASTCT 2019) and derived (Penn 2018) | 1001")
    tables = {
        "analysis.finding_counts": frame(db, "select * from analysis.finding_counts"),
        "analysis.pair_counts": pairs,
        "reference.discordance_kinds": table(KINDS),
    }
    return ard_rows("reconciliation", ANALYSIS.compute(tables), table(STRATA), CONTEXT)


def test_a_finding_is_counted_with_those_that_the_records_explain_and_one_of_nobody_is_0(ard):
    found = ard.select("variable", "variable_level", "by_level", "stat").rows()
    assert found == [
        (PAIR, "Below", None, 0),
        (PAIR, "Below", "yes", 0),
        (PAIR, "Above", None, 2),
        (PAIR, "Above", "yes", 1),
    ]


def test_the_subjects_behind_every_finding_are_as_many_as_it_says(db, ard):
    found = behind(db, ard, ard["cell_id"].to_list())
    assert [found[cell] for cell in ard["cell_id"]] == [[], [], [0, 1], [1]]


def test_whoever_counts_nobody_is_not_looked_for(db, ard):
    broken = ard.with_columns(subjects_sql=ard["subjects_sql"] + " no query").filter(ard["stat"] == 0)
    assert behind(db, broken, broken["cell_id"].to_list()) == {cell: [] for cell in broken["cell_id"]}
