"""Every model gives the same rows on DuckDB and on Spark."""

import pytest

from pipelines.engines.session import session
from pipelines.engines.spark import Spark
from pipelines.warehouse import build, rows
from tests.courses.course import vignettes
from tests.courses.raw import load
from tests.courses.strategies import seeded
from tests.harness import MODELS, database

pytestmark = [
    pytest.mark.slow,
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore::FutureWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
RANDOM = 300


@pytest.fixture(scope="module")
def spark():
    found = session({})
    yield found
    found.stop()


def differing(db, model):
    """How many rows of the two tables have no like in the other, floats to their last bit."""
    kept, made = "select * from main.by_duckdb", f"select * from {model.name}"
    query = f"select count(*) from (({kept} except all {made}) union all ({made} except all {kept}))"
    return rows(db, query)[0][0]


def types(db, table):
    return rows(db, f"select column_name, column_type from (describe {table})")


def test_vignettes_and_random_courses_make_the_same_tables(spark, tmp_path):
    engine, found = Spark(spark, tmp_path), {}
    with database() as db:
        load(db, [*(vignette.course for vignette in vignettes()), *seeded(RANDOM, 21)])
        for model in MODELS.values():
            build(db, model)
            db.execute(f"create or replace table main.by_duckdb as select * from {model.name}")
            count = engine.build(db, model)
            alike = types(db, model.name) == types(db, "main.by_duckdb")
            found[model.name] = (differing(db, model), alike, count == len(rows(db, f"from {model.name}")))
        episodes = rows(db, "select count(*) from graded.episodes")[0][0]
    assert {name: one for name, one in found.items() if one != (0, True, True)} == {}
    assert episodes > RANDOM
