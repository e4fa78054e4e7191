"""What a SQL file must say, and what is told when it does not."""

import duckdb
import pytest

from pipelines.models import ModelError, read_model, read_models
from pipelines.warehouse import build, create_schemas

GOOD = """/*
grain: one row per subject
key: [usubjid]
description: Who is there.
rules:
  - expect: column_values_to_not_be_null
    column: usubjid
*/
select
    d.usubjid,          -- Unique subject identifier
    1 + 1 as doses      -- Number of doses
from raw.dm as d
"""


def written(tmp_path, text, name="staged/subjects"):
    path = tmp_path / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_model_says_what_it_is_once(tmp_path):
    model = read_model(written(tmp_path, GOOD))
    assert (model.name, model.layer, model.key, model.depends_on) == (
        "staged.subjects",
        "staged",
        ("usubjid",),
        ("raw.dm",),
    )
    assert [(c.name, c.comment) for c in model.columns] == [
        ("usubjid", "Unique subject identifier"),
        ("doses", "Number of doses"),
    ]
    assert [rule.name for rule in model.rules] == [
        "usubjid__compound_columns_to_be_unique",
        "usubjid__column_values_to_not_be_null",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("/*\ngrain", "--\n/*\ngrain", "begin with a /* */ header"),
        ("grain: one row per subject\n", "", "does not say the grain"),
        ("key: [usubjid]\n", "", "does not say the key"),
        ("description: Who is there.\n", "", "does not say the description"),
        ("description:", "descripton: x\ndescription:", "unknown header entry descripton"),
        ("          -- Unique subject identifier", "", "no comment beside usubjid"),
        (
            "from raw.dm as d",
            "from analysis.adsl as d",
            "reads analysis.adsl, but data flows raw -> staged -> graded -> analysis",
        ),
        ("from raw.dm as d", "from dm as d", "write its schema, as in staged.dm"),
        ("expect: column", "expected: column", "a rule needs expect"),
        ("from raw.dm as d", "from raw.dm as d; select 1", "write exactly one select"),
    ],
)
def test_a_file_that_does_not_describe_its_table_does_not_load(tmp_path, old, new, says):
    assert old in GOOD
    with pytest.raises(ModelError, match=says.replace("*", r"\*").replace("/", "/")):
        read_model(written(tmp_path, GOOD.replace(old, new, 1)))


def test_models_come_after_what_they_read(tmp_path):
    written(tmp_path, GOOD.replace("raw.dm", "staged.zebras"), "staged/ants")
    written(tmp_path, GOOD, "staged/zebras")
    assert [model.name for model in read_models(tmp_path)] == ["staged.zebras", "staged.ants"]


def test_data_do_not_flow_in_a_circle(tmp_path):
    written(tmp_path, GOOD.replace("raw.dm", "staged.zebras"), "staged/ants")
    written(tmp_path, GOOD.replace("raw.dm", "staged.ants"), "staged/zebras")
    with pytest.raises(ModelError, match="must not flow in a circle"):
        read_models(tmp_path)


def test_an_edited_comment_is_the_comment_in_duckdb(tmp_path):
    path = written(tmp_path, GOOD)
    with duckdb.connect() as db:
        create_schemas(db)
        db.execute("create table raw.dm as select 'P1' as usubjid")
        for comment in ("Unique subject identifier", "Who it is; 'quoted'"):
            path.write_text(GOOD.replace("Unique subject identifier", comment))
            build(db, read_model(path))
            query = "select comment from duckdb_columns() where table_name = 'subjects' and column_name = 'usubjid'"
            assert db.execute(query).fetchall() == [(comment,)]
