"""Questions in SQL: what is refused or stopped, that nothing gets out, and that the next question is answered."""

import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.asking.prompt import converse, read
from pipelines.asking.recipes import recipe, recipes
from pipelines.asking.session import Limits, Session
from pipelines.errors import WrongUsage

pytestmark = pytest.mark.xdist_group("asking")

SECRET = "not to be read by a question"
# Texts that are not one SELECT, reach outside the release, change it, or change how it is read.
ESCAPES = """
copy adsl to 'out.csv'
copy (select 1) to '/tmp/out.parquet' (format parquet)
copy adsl from '/etc/passwd'
export database 'out'
import database 'out'
attach 'other.duckdb'
attach ':memory:' as other
detach crs
use memory
install httpfs
install httpfs from 'http://127.0.0.1:1/x'
load httpfs
load '/tmp/x.duckdb_extension'
force install json
pragma version
pragma database_list
pragma enable_profiling
pragma memory_limit='10GB'
set memory_limit='100GB'
set threads=64
set enable_external_access=true
set lock_configuration=false
reset enable_external_access
set variable x = 1
call pragma_version()
call enable_logging()
checkpoint
vacuum
analyze
begin transaction
commit
prepare p as select 1
execute p
deallocate p
explain select 1
explain analyze select 1
create table t (i integer)
create temp table t as select 1
create macro f(x) as x
create or replace view adsl as select 1
create secret s (type s3, key_id 'x', secret 'y')
drop table adsl
alter table adsl add column x integer
insert into adsl values ('X')
update adsl set usubjid = 'X'
delete from adsl
truncate adsl
merge into adsl using adsl as b on false when matched then delete
comment on table adsl is 'x'
with gone as (delete from adsl returning *) select * from gone
with more as (insert into adsl values ('X') returning *) select * from more
select 1; select 2
select 1; drop table adsl
select 1 /* ; */; copy adsl to 'out.csv' -- select
; ;

-- only a comment
select * from read_csv('/etc/passwd')
select * from read_text('/etc/passwd')
select * from read_blob('/etc/hostname')
select * from read_json('/etc/passwd')
select * from read_parquet('/tmp/*.parquet')
select * from parquet_metadata('/tmp/x.parquet')
select * from sniff_csv('/etc/passwd')
select * from glob('/*')
select * from '/etc/passwd'
from 'secret.csv'
select * from 'http://127.0.0.1:1/x.csv'
select * from read_csv('https://127.0.0.1:1/x.csv')
select * from 's3://bucket/x.parquet'
select * from query('copy adsl to ''out.csv''')
select * from query('select 1; drop table adsl')
select * from query_table('/etc/passwd')
select getenv('HOME')
select * from sqlite_scan('x.db', 't')
select * from postgres_scan('host=127.0.0.1', 'public', 't')
select * from SECRETS
select * from answers
select nextval('s')
"""
# What would take all of the machine: stopped by time or by memory.
BOMBS = """
select length(repeat(repeat('x', 1000000), 900))
select repeat('x', 2000000000)
select lpad('x', 2000000000, 'y')
select list(i) from range(1000000000) t(i)
select array_agg(repeat('x', 1000000)) from range(100000)
select string_agg(repeat('x', 1000000), '') from range(100000)
select count(*) from range(10000000000) a, range(1000000) b
select count(*) from adsl a, adsl b, adsl c, adsl d, adsl e, adsl f, adsl g, adsl h, adsl i, adsl j, range(1000000)
with recursive t as (select 1 as i union all select i + 1 from t) select max(i) from t
with recursive t as (select 'x' as s union all select s || s from t) select max(length(s)) from t
select sum(hash(i * j)) from range(100000000) a(i), range(1000) b(j)
select * from range(1000000000) order by hash(range)
select count(*) from range(3000000000) t(i) where regexp_matches(i::varchar, '(x+)+y$')
select unnest(range(4000000000))
"""
LIMITS = Limits(seconds=1.5, rows=100, memory_mb=512)


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    (folder / "secret.csv").write_text(SECRET)
    with duckdb.connect(folder / "crs.duckdb") as db:
        db.execute("create table adsl as select 'P' || i as usubjid, i as age from range(10) t(i)")
        db.execute("create table biomarkers as select 'a'::blob as value, [1, 2] as days, interval 1 day as lasted")
    return folder


@pytest.fixture(scope="module")
def session(release):
    with Session(release / "crs.duckdb", LIMITS) as started:
        yield started


@pytest.mark.parametrize("query", [*ESCAPES.splitlines()[1:], *BOMBS.splitlines()[1:]])
def test_what_reaches_too_far_is_refused_and_the_next_question_is_answered(session, release, query):
    with pytest.raises(WrongUsage) as refused:
        session.ask(query)
    assert SECRET not in str(refused.value)
    assert "root:" not in str(refused.value)
    assert session.ask("select count(*) as n from adsl", "csv").body == b"n\n10\n"
    assert sorted(path.name for path in release.iterdir()) == ["crs.duckdb", "secret.csv"]


def test_a_child_that_is_killed_is_started_anew(session):
    session.ask("select 1")
    session._child.kill()
    assert session.ask("select 1").rows == 1


def test_an_answer_has_no_more_rows_than_it_may_and_says_so(session):
    answer = session.ask("select * from range(101) order by 1 desc", "json")
    assert (answer.rows, answer.cut) == (100, True)
    assert [row["range"] for row in json.loads(answer.body)] == [*range(100, 0, -1)]
    assert not session.ask("select * from range(100)").cut


def test_the_environment_is_not_there_to_be_found(monkeypatch, release):
    monkeypatch.setenv("CRSIGHT_TOKEN", SECRET)
    with Session(release / "crs.duckdb", LIMITS) as started:
        started.ask("select 1")
        told = Path(f"/proc/{started._child.pid}/environ").read_text()
    assert SECRET not in told


@pytest.mark.parametrize("query", ["show tables", "describe adsl", "summarize adsl", "from adsl", "values (1)"])
def test_a_release_may_be_looked_around_in(session, query):
    assert session.ask(query).rows > 0


def test_values_that_a_format_has_no_way_to_write_are_written_as_text(session):
    csv = session.ask("select value, days from biomarkers", "csv").body.decode()
    assert csv == 'value,days\n61,"[1, 2]"\n'
    [row] = json.loads(session.ask("from biomarkers", "json").body)
    assert row == {"value": "61", "days": [1, 2], "lasted": {"months": 0, "days": 1, "nanoseconds": "P0D"}}


def test_parquet_has_the_types_of_the_answer(session):
    read_back = pl.read_parquet(session.ask("select age from adsl order by age", "parquet").body)
    assert read_back.to_dict(as_series=False) == {"age": [*range(10)]}


@pytest.mark.parametrize(
    ("typed", "said", "complaints"),
    [
        ("select 1 as x;\n", ["x", "1"], []),
        ("select 1 as x,\n2 as y\n", ["x", "y", "1", "2"], []),
        (".format csv\nselect 1 as x;", ["x\n1\n"], []),
        (".format parquet\n", [], ["table, csv or json"]),
        (".fly\nselect 1 as x;", ["x"], ["there is no .fly"]),
        (".recipe nothing\n", [], ["there is no recipe nothing"]),
        (".recipes\n", ["deaths"], []),
        (".help\n", [".recipes"], []),
        (".quit\nselect 1 as x;", [], []),
        ("select 1 as x;\nselect y;\nselect 3 as z;", ["x", "z"], ['"y"']),
    ],
)
def test_a_conversation_answers_each_question_and_goes_on_after_a_wrong_one(session, typed, said, complaints):
    shown, complained = [], []
    fine = converse(session, read(typed.splitlines(keepends=True)), shown.append, complained.append)
    assert fine == (not complaints)
    for words, texts in ((said, shown), (complaints, complained)):
        assert [word for word in words if word not in "".join(texts)] == []
        assert bool(words) == bool(texts)


def test_every_recipe_asks_a_question():
    assert len(recipes()) >= 15
    assert [one.name for one in recipes() if not one.question.endswith("?")] == []


def test_a_recipe_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(WrongUsage, match="there are crs-by-therapy, deaths"):
        recipe("fly")
