"""The subjects behind numbers, asked together as they would be asked one by one."""

import duckdb
import polars as pl
import pytest

from pipelines.behind import behind

SELECTS = [
    "select studyid, usubjid from adsl where arm = 'A' and age >= 3 order by all",
    "select studyid, usubjid from adsl where arm = 'B''s, 5' and age >= 4 order by all",
    "select studyid, usubjid from adsl where arm = 'B''s, 5' and age >= 2.5 order by all",
    "select studyid, usubjid from adsl where arm = 'nobody''s' and age >= -1 order by all",
    "select distinct studyid, usubjid from adsl where true order by all",
    "select studyid, usubjid from adsl where age = 7",
    "select studyid, usubjid from adsl where age = '7'",
]


@pytest.fixture
def db():
    with duckdb.connect() as connection:
        connection.execute("create schema analysis")
        connection.execute(
            "create table analysis.adsl as select 'S' as studyid, 'P' || i as usubjid, i::double as age, "
            "if(i % 2 = 0, 'A', 'B''s, 5') as arm from range(10) t(i)"
        )
        yield connection


def _ard(*selects: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "cell_id": [f"c{i}" for i in range(len(selects))],
            "subjects_sql": selects,
            "stat_name": ["n"] * len(selects),
            "stat": [1.0] * len(selects),
        }
    )


def test_questions_asked_together_have_the_answers_of_questions_asked_alone(db):
    found = behind(db, _ard(*SELECTS), [f"c{i}" for i in range(len(SELECTS))])
    alone = [behind(db, _ard(select), ["c0"])["c0"] for select in SELECTS]
    assert [*found.values()] == alone
    assert alone == [[4, 6, 8], [5, 7, 9], [3, 5, 7, 9], [], [*range(10)], [7], [7]]


def test_a_number_that_names_nobody_is_not_there(db):
    assert behind(db, _ard(*SELECTS[:2]).with_columns(subjects_sql=None), ["c0"]) == {}


def test_whoever_is_behind_a_count_of_none_is_not_asked_for(db):
    broken = _ard("select studyid, usubjid from no_such_table").with_columns(stat=pl.lit(0.0))
    assert behind(db, broken, ["c0"]) == {"c0": []}


def test_of_too_many_subjects_none_is_told(db, monkeypatch):
    monkeypatch.setattr("pipelines.listings.MOST_PEOPLE", 1)
    assert behind(db, _ard(*SELECTS[:1]), ["c0"]) == {"c0": None}
