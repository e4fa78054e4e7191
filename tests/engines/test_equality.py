"""Every model gives the same rows on DuckDB and on Spark, within one process and on a cluster of two workers."""

import shutil

import pytest

from pipelines.arrival import arrive
from pipelines.engines.session import session
from pipelines.engines.spark import Spark
from pipelines.simulate import Trial, simulate
from pipelines.site import Site
from pipelines.stamp import stamp_of, write_stamp
from pipelines.warehouse import build, rows
from tests.courses.course import vignettes
from tests.courses.raw import load
from tests.courses.strategies import seeded
from tests.engines.cluster import cluster
from tests.harness import MODELS, database
from tests.shared import SHARED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore::FutureWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
# On a cluster each table waits for its workers.
RANDOM, FEWER, SUBJECTS = 10_000, 500, 40


@pytest.fixture(scope="module", params=["local", "two workers"])
def spark(request, tmp_path_factory):
    if request.param == "local":
        found = session({})
        yield found, RANDOM
        found.stop()
        return
    with cluster(tmp_path_factory.mktemp("cluster"), 2) as two:
        found = session(two.settings)
        yield found, FEWER
        found.stop()


def differing(db, model):
    """How many rows of the two tables have no like in the other, floats to their last bit."""
    kept, made = "select * from main.by_duckdb", f"select * from {model.name}"
    query = f"select count(*) from (({kept} except all {made}) union all ({made} except all {kept}))"
    return rows(db, query)[0][0]


def types(db, table):
    return rows(db, f"select column_name, column_type from (describe {table})")


def unlike(db, engine):
    """The models whose tables differ in rows, types or length, with what differs."""
    found = {}
    for model in MODELS.values():
        build(db, model)
        db.execute(f"create or replace table main.by_duckdb as select * from {model.name}")
        length = engine.build(db, model)
        alike = types(db, model.name) == types(db, "main.by_duckdb")
        found[model.name] = (differing(db, model), alike, length == len(rows(db, f"from {model.name}")))
    return {name: one for name, one in found.items() if one != (0, True, True)}


def test_vignettes_and_random_courses_make_the_same_tables(spark, tmp_path):
    found, courses = spark
    with database() as db:
        load(db, [*(vignette.course for vignette in vignettes()), *seeded(courses, 21)])
        assert unlike(db, Spark(found, tmp_path)) == {}
        assert rows(db, "select count(*) > ? from graded.episodes", courses) == [(True,)]


def test_raw_parquet_of_the_demo_and_of_a_real_cohort_makes_the_same_tables(spark, tmp_path):
    """Three simulated studies and NULISA-CART pooled, dirty rows kept out, their Parquet read by Spark itself."""
    shutil.copytree(SHARED / "data/studies/NULISA-CART", tmp_path / "studies/NULISA-CART")
    for therapy in ("car-t", "bispecific", "antibody"):
        simulate(Trial(therapy=therapy, subjects=SUBJECTS, seed=3), tmp_path / "studies")
    site = Site(home=tmp_path / "home", studies=tmp_path / "studies")
    arrive(site, "POOLED")
    with site.warehouse.open("POOLED") as db:
        write_stamp(db, stamp_of("1"))
        assert rows(db, "select count(*) > 0 from quality.quarantine") == [(True,)]
        assert unlike(db, Spark(spark[0], tmp_path / "spark")) == {}
        assert not (tmp_path / "spark/raw.vs").exists()
        assert rows(db, "select count(*) > 10 from graded.episodes") == [(True,)]
