"""Prevention of CRS as ARD rows, on subjects whose answer is known."""

import polars as pl
import pytest

from pipelines.analyses import Context, ard_rows, prevention
from pipelines.described import read_references
from pipelines.warehouse import frame
from tests.harness import database
from tests.shared import ROOT
from tests.unit.test_analyses_risk_factors import STRATA, subjects
from tests.unit.test_analyses_risk_factors import tables as risk_tables

CONTEXT = Context(study="S1", cut="2026-06-30", scale="ASTCT 2019", source="reported")


def given() -> pl.DataFrame:
    """Men have premedication more often than women; of every seventh subject it cannot be told."""
    return subjects(400, seed=5).with_columns(
        place=pl.int_range(pl.len()), is_exposed=pl.when(pl.col("sex") == "M").then(pl.int_range(pl.len()) % 4 > 0).otherwise(pl.int_range(pl.len()) % 4 == 0)
    ).with_columns(is_exposed=pl.when(pl.col("place") % 7 == 0).then(None).otherwise("is_exposed"))  # fmt: skip


def tables(rows: pl.DataFrame):
    found = risk_tables(rows.drop("is_exposed", "place"))
    measures = [rows.select("studyid", "usubjid", measure=pl.lit("premedication"), is_exposed="is_exposed")]
    measures += [rows.select("studyid", "usubjid", measure=pl.lit("step-up"), is_exposed=pl.lit(True))]
    [listed] = [
        reference for reference in read_references(ROOT / "sql") if reference.name == "reference.preventive_measures"
    ]
    with database() as db:
        found[listed.name] = frame(db, f"select * from {listed.name}")
    others = set(found[listed.name]["measure"]) - {"premedication", "step-up"}
    unknown = pl.lit(None, dtype=pl.Boolean)
    measures += [
        rows.select("studyid", "usubjid", measure=pl.lit(other), is_exposed=unknown) for other in sorted(others)
    ]
    return {**found, "analysis.prevention": pl.concat(measures)}


def ard(rows):
    return ard_rows("prevention_results", prevention.ANALYSIS.compute(tables(rows)), STRATA, CONTEXT)


@pytest.fixture(scope="module")
def rows():
    return ard(given())


def stats(rows, event, level, measure="Premedication"):
    found = rows.filter(pl.col("variable") == measure, pl.col("variable_level") == event, pl.col("by_level") == level)
    return {row["stat_name"]: row["stat"] if row["stat"] is not None else row["warning"] for row in found.to_dicts()}


def test_risks_with_and_without_are_counted_and_the_unknown_apart(rows):
    told = given().drop_nulls("is_exposed")
    for level, of in (("yes", told.filter("is_exposed")), ("no", told.filter(~pl.col("is_exposed")))):
        found = stats(rows, ">=3", level)
        assert (found["n"], found["N"]) == (of.filter(pl.col("grade") >= 3).height, of.height)
    assert stats(rows, "exposure", "unknown") == {"n": 58}


def test_the_crude_difference_is_that_of_the_two_risks(rows):
    yes, no = (stats(rows, ">=3", level) for level in ("yes", "no"))
    assert stats(rows, ">=3", "crude")["difference"] == pytest.approx(yes["p"] - no["p"])


def test_the_adjusted_difference_is_standardised_over_the_confounders(rows):
    found = stats(rows, ">=3", "adjusted")
    assert found["difference"] == pytest.approx(found["risk_exposed"] - found["risk_unexposed"])
    assert found["ci_low"] < found["difference"] < found["ci_high"]
    assert stats(rows, ">=3", "adjusted ratio")["risk_ratio"] == pytest.approx(
        found["risk_exposed"] / found["risk_unexposed"]
    )


def test_a_study_in_which_all_had_it_has_no_adjusted_comparison(rows):
    assert stats(rows, "any", "adjusted", "Step-up dosing")["difference"] == "all or none are exposed"
    assert stats(rows, "any", "no", "Step-up dosing")["p"] == "no subjects"


def test_overlap_is_shown(rows):
    yes, no = (stats(rows, "overlap", level) for level in ("yes", "no"))
    assert yes["n"] + no["n"] == stats(rows, "any", "adjusted")["n"]
    assert no["median"] < yes["median"]
    assert 0 <= stats(rows, "overlap", "outside common support")["p"] < 0.2


def test_the_method_says_that_it_is_observational(rows):
    told = rows.filter(pl.col("by_variable") == "comparison")["method"].unique()
    assert all("observational" in method for method in told)


def counted(rows, given):
    """What each countable number says, and how many subjects its SELECT returns."""
    inputs = {name.replace(".", "__"): one for name, one in given.items() if name.startswith("analysis.")}
    numbers = rows.filter(pl.col("stat_name").is_in(["n", "N"]), pl.col("stat").is_not_null())
    with database(**inputs) as db:
        db.execute("set schema = 'analysis'")
        return numbers["stat"].to_list(), [frame(db, sql).height for sql in numbers["subjects_sql"]]


def test_the_subjects_behind_every_number_are_as_many_as_it_says(rows):
    said, found = counted(rows, tables(given()))
    assert found == said


def pooled() -> pl.DataFrame:
    """The subjects in two studies, by turns."""
    return given().with_columns(studyid=pl.when(pl.col("place") % 2 == 0).then(pl.lit("S1")).otherwise(pl.lit("S2")))


def everyone(**values) -> pl.DataFrame:
    return given().with_columns(**{name: pl.lit(value[0], dtype=value[1]) for name, value in values.items()})


EDGES = {
    "no treated subject": lambda: given().head(0),
    "one subject": lambda: given().slice(1, 1),
    "one subject of whom it cannot be told": lambda: given().head(1),
    "no CRS": lambda: everyone(grade=(0, pl.Int64)),
    "grade 3 in everyone": lambda: everyone(grade=(3, pl.Int64)),
    "nobody's exposure is known": lambda: everyone(is_exposed=(None, pl.Boolean)),
    "no covariates": lambda: given().with_columns(
        pl.lit(None, dtype=pl.Float64).alias(name) for name in ("age", "ldh", "crp", "prior_lines", "easix", "m_easix")
    ),
    "studies pooled": pooled,
}


@pytest.mark.parametrize("edge", EDGES)
def test_the_grid_of_cells_is_the_same_whatever_is_known(rows, edge, monkeypatch):
    monkeypatch.setattr(prevention, "REPLICATES", 20)
    found = ard(EDGES[edge]())
    assert found["cell_id"].to_list() == rows["cell_id"].to_list()
    assert found.filter(pl.col("stat").is_null() & pl.col("warning").is_null()).is_empty()


@pytest.mark.parametrize("edge", EDGES)
def test_subjects_are_counted_at_every_edge(edge, monkeypatch):
    monkeypatch.setattr(prevention, "REPLICATES", 20)
    said, found = counted(ard(EDGES[edge]()), tables(EDGES[edge]()))
    assert found == said


def test_the_order_of_rows_does_not_matter(rows):
    assert ard(given().sample(fraction=1, shuffle=True, seed=1)).equals(rows)


def test_the_study_is_held_fixed_when_studies_are_pooled(rows, monkeypatch):
    monkeypatch.setattr(prevention, "REPLICATES", 20)
    found = ard(pooled())
    assert "Study S2" in found.filter(pl.col("by_level") == "adjusted")["method"][0]
    assert "Study" not in rows.filter(pl.col("by_level") == "adjusted")["method"][0]


def test_where_the_study_determines_who_had_it_nothing_is_adjusted():
    found = ard(pooled().with_columns(is_exposed=pl.col("studyid") == "S1"))
    for event, level, name in (("any", "adjusted", "difference"), ("overlap", "yes", "median")):
        assert "determine who is exposed" in stats(found, event, level)[name]
    assert stats(found, "any", "crude")["difference"] is not None


def test_where_nobody_who_had_it_had_the_event_nothing_is_adjusted():
    best = pl.when("is_exposed").then(pl.min_horizontal("grade", 1)).otherwise("grade")
    found = ard(given().with_columns(grade=best))
    assert stats(found, ">=3", "yes")["n"] == 0
    assert stats(found, ">=3", "adjusted")["difference"] == "a variable separates the events"
    assert stats(found, ">=3", "adjusted ratio")["ci_low"] == "a variable separates the events"


def test_a_level_held_only_by_someone_of_whom_it_cannot_be_told_is_left_out(rows):
    is_unknown = pl.col("place") == 14
    found = ard(given().with_columns(indication=pl.when(is_unknown).then(pl.lit("Myeloma")).otherwise("indication")))
    assert stats(found, "any", "adjusted") == stats(rows, "any", "adjusted")


def test_the_method_says_what_the_measure_is_and_how_a_missing_grade_counts(rows):
    told = rows.filter(pl.col("variable") == "Step-up dosing", pl.col("variable_level") == ">=3")["method"].unique()
    assert all("Second study dose larger than the first" in method for method in told)
    assert all("CRS without a grade" in method for method in told)
