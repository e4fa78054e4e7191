"""What is made again and what is not: whatever could change a table must make it anew."""

import duckdb
import pytest

from pipelines import built
from pipelines.building import make_model
from pipelines.engines.engine import DuckDB
from pipelines.models import read_models
from pipelines.warehouse import create_schemas

WARM = """
/*
grain: a reading
key: [i]
description: Readings of warm subjects.
rules:
  - {expect: column_values_to_be_between, column: t, max_value: 40, severity: warning}
*/
select
    r.i, -- Which.
    r.t -- How warm, C.
from staged.readings as r
where r.t >= 38
"""
READINGS = """
/*
grain: a reading
key: [i]
description: Readings.
*/
select
    v.i, -- Which.
    v.t -- How warm, C.
from study.vitals as v
"""


@pytest.fixture
def line(tmp_path):
    """Two models, one reading the other, and a study of three readings."""
    for name, text in (("staged/readings", READINGS), ("graded/warm", WARM)):
        path = tmp_path / "sql" / f"{name}.sql"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    with duckdb.connect() as db:
        create_schemas(db)
        db.execute("create table study.vitals as select * from (values (1, 37.0), (2, 38.5), (3, 41.0)) as v(i, t)")
        for table in ("raw.supp", "raw.relrec", "quality.ingested", "quality.quarantine"):
            db.execute(f"create table {table} (file varchar, sha256 varchar, domain varchar)")
        db.execute(
            "create table quality.findings (table_name varchar, rule varchar, severity varchar, passed boolean, "
            "failing bigint, examples varchar)"
        )
        yield db, tmp_path / "sql"


def run(line) -> list[str]:
    """The tables that a run makes anew."""
    db, folder = line
    built.note_arrived(db)
    made = {model.name: make_model(db, model, DuckDB()) for model in read_models(folder)}
    return [name for name, one in made.items() if one.is_new]


def test_nothing_is_made_twice(line):
    assert run(line) == ["staged.readings", "graded.warm"]
    assert run(line) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("update study.vitals set t = 37.5 where i = 1", ["staged.readings", "graded.warm"]),
        ("insert into study.vitals values (3, 41.0)", ["staged.readings", "graded.warm"]),
        ("alter table study.vitals add column more integer", ["staged.readings"]),
        ("drop table graded.warm; delete from main.built where table_name = 'graded.warm'", ["graded.warm"]),
    ],
    ids=["a value", "a row twice", "a column nobody reads", "a run that was killed"],
)
def test_what_reads_what_has_changed_is_made_again(line, change, expected):
    run(line)
    line[0].execute(change)
    assert run(line) == expected


def test_a_model_whose_text_has_changed_is_made_again_and_those_that_read_it_only_if_it_came_out_otherwise(line):
    run(line)
    path = line[1] / "staged" / "readings.sql"
    path.write_text(READINGS.replace("How warm", "How hot"))
    assert run(line) == ["staged.readings"]
    path.write_text(READINGS.replace("v.t --", "v.t + 1 as t --"))
    assert run(line) == ["staged.readings", "graded.warm"]


def test_a_table_that_stands_keeps_its_findings(line):
    db, folder = line
    run(line)
    findings = db.execute("from quality.findings").fetchall()
    assert ("t__column_values_to_be_between", 1) in [(rule, failing) for _, rule, _, _, failing, _ in findings]
    # As a transfer leaves it.
    db.execute("delete from quality.findings")
    outcomes = [outcome for model in read_models(folder) for outcome in make_model(db, model, DuckDB()).outcomes]
    assert sorted(outcome.failing for outcome in outcomes)[-1] == 1
    assert db.execute("from quality.findings").fetchall() == findings


def test_a_table_that_reads_what_is_still_being_written_is_always_made(line):
    run(line)
    assert built.key_of(line[0], "select 1", ["quality.findings"]) is None
    assert built.key_of(line[0], "select 1", ["staged.unknown"]) is None


def test_a_table_that_nothing_makes_any_more_is_dropped(line):
    run(line)
    built.drop_others(line[0], ["staged.readings"])
    assert line[0].execute("select table_name from duckdb_tables() where schema_name = 'graded'").fetchall() == []
    assert run(line) == ["graded.warm"]
