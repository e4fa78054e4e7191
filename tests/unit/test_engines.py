"""Models in Spark's words, its settings, and what is said when it cannot be had."""

import sys

import pytest

from pipelines.engines.dialect import spark_sql, view_name
from pipelines.engines.engine import engine_of
from pipelines.engines.errors import EngineError
from pipelines.engines.session import session
from pipelines.engines.settings import read_settings
from pipelines.errors import WrongUsage
from pipelines.site import Site


def test_a_table_is_a_view_of_the_session():
    assert view_name("staged.Doses") == "staged__doses"
    assert spark_sql("select d.a from staged.doses as d") == "SELECT d.a FROM staged__doses AS d"
    assert spark_sql("select doses.a from staged.doses") == "SELECT doses.a FROM staged__doses AS doses"


def test_a_decimal_fraction_is_a_double():
    assert spark_sql("select 1.8, 2") == "SELECT 1.8D, 2"


def test_trimming_takes_every_space():
    assert r"\\p{Zs}+" in spark_sql("select trim(a) from staged.doses")


def test_only_texts_that_duckdb_reads_are_numbers():
    assert "TRY_CAST" not in spark_sql("select try_cast(a as double) as b from staged.doses").upper()
    assert "regexp_like" in spark_sql("select try_cast(a as double) as b from staged.doses").lower()


def test_settings_are_written_as_spark_writes_them(tmp_path):
    file = tmp_path / "spark.conf"
    file.write_text("# a cluster\nspark.master   spark://host:7077\n\nspark.executor.memory 4g\n")
    assert read_settings(file) == {"spark.master": "spark://host:7077", "spark.executor.memory": "4g"}


@pytest.mark.parametrize("line", ["spark.master", "master local"])
def test_another_line_is_refused_with_its_number(tmp_path, line):
    file = tmp_path / "spark.conf"
    file.write_text(f"# first\n{line}\n")
    with pytest.raises(WrongUsage, match=r"spark\.conf, line 2: write a name of Spark"):
        read_settings(file)


def test_settings_that_are_not_there_are_refused(tmp_path):
    with pytest.raises(WrongUsage, match="there is no file"):
        read_settings(tmp_path / "absent.conf")


def test_an_unknown_engine_is_refused(tmp_path):
    with pytest.raises(WrongUsage, match="there is no engine flink; there are duckdb and spark"):
        engine_of(Site(home=tmp_path, studies=tmp_path, engine="flink"), "S1")


def test_without_pyspark_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineError, match=r"crsight\[spark\]"):
        session({})
