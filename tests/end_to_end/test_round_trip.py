"""The simulated truth is recovered from the transfers, whole: no rule is needed to explain a difference."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.arrival import arrive
from pipelines.models import read_models
from pipelines.simulate import Trial, simulate
from pipelines.site import Site
from pipelines.warehouse import build
from tests.shared import ROOT

pytestmark = pytest.mark.slow

GRADED = [model for model in read_models(ROOT / "sql") if model.layer in ("staged", "graded")]
EPISODE = ("usubjid", "episode")


@pytest.fixture(
    scope="module", params=[("car-t", 11), ("bispecific", 12), ("antibody", 13)], ids=lambda given: given[0]
)
def graded(request, tmp_path_factory):
    """The folder of a simulated trial, and its warehouse with every graded table."""
    therapy, seed = request.param
    folder = tmp_path_factory.mktemp(therapy)
    trial = Trial(therapy=therapy, subjects=400, seed=seed)
    simulate(trial, folder / "studies")
    site = Site(home=folder / "home", studies=folder / "studies")
    arrive(site, trial.studyid)
    with site.warehouse.open(trial.studyid) as db:
        for model in GRADED:
            build(db, model)
        yield folder / "studies" / trial.studyid, db


def truth(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{name}.parquet").sort(pl.all())


def derived(db: duckdb.DuckDBPyConnection, table: str, *columns: str) -> pl.DataFrame:
    query = f"select {', '.join(columns)} from graded.{table} where source = 'derived' and scale = 'ASTCT 2019'"
    return db.sql(query).pl()


def moment(column: str) -> str:
    return f"make_timestamp({column}_s * 1000000) as {column}"


def test_every_episode_is_found_with_its_times_grade_and_dose(graded):
    folder, db = graded
    known = truth(folder, "truth").filter(pl.col("treated") & (pl.col("episode") > 0))
    found = derived(
        db, "episodes", *EPISODE, "grade", "dose_number", "is_ongoing", moment("onset"), moment("waived"), moment("end")
    )
    expected = known.select(
        *EPISODE,
        grade="max_grade",
        dose_number="dose_number",
        is_ongoing="ongoing",
        onset="onset_dtm",
        waived="waived_from",
        # Where it goes on, the truth has no end; a fatal one ends at death.
        end=pl.when(pl.col("fatal")).then("death_dtm").otherwise("end_dtm"),
    )
    found = found.with_columns(end=pl.when(~pl.col("is_ongoing")).then("end"))
    assert known.height > 10
    assert_frame_equal(found.sort(EPISODE), expected.sort(EPISODE), check_dtypes=False)


def test_the_grade_is_right_at_every_moment(graded):
    folder, db = graded
    found = derived(db, "grade_segments", *EPISODE, "grade", moment("start"), moment("end"))
    merged = (
        found.sort(*EPISODE, "start")
        .with_columns(run=pl.col("grade").rle_id().over(EPISODE))
        .group_by(*EPISODE, "run")
        .agg(pl.col("start").min(), pl.col("end").max(), pl.col("grade").first())
        .drop("run")
        .sort(*EPISODE, "start")
    )
    known = truth(folder, "truth_segments").select(*EPISODE, start="start_dtm", end="end_dtm", grade="grade")
    assert_frame_equal(merged, known.sort(*EPISODE, "start"), check_dtypes=False)


def test_the_fever_that_began_it_is_in_the_evidence(graded):
    _, db = graded
    without = db.sql("""
        select e.subject, e.episode from graded.derived_episodes as e
        where not exists (
            select 1 from graded.evidence as v
            join graded.sign_records as r on r.domain = v.domain and r._file = v._file and r._row = v._row
            join graded.onsets as o on o.subject = e.subject and o.source = 'derived' and o.episode = e.episode
            where v.subject = e.subject and v.episode = e.episode and v.scale = e.scale and v.rule_id = 'onset'
                and r.feature = 'fever' and r.start_s = o.onset_s
        )
    """).fetchall()
    assert without == []


def test_the_rows_of_the_evidence_reach_the_grade_of_astct(graded):
    _, db = graded
    by_level = db.sql("""
        select e.grade, max(case when r.feature = 'vasopressor' and e.grade = 4 then 4 else r.level_max end) as level, count(*) as episodes
        from graded.derived_episodes as e
        join graded.evidence as v on v.subject = e.subject and v.episode = e.episode and v.scale = e.scale
        join graded.sign_records as r on r.domain = v.domain and r._file = v._file and r._row = v._row
        where e.scale = 'ASTCT 2019' and v.rule_id not in ('onset', 'waiver')
        group by e.subject, e.episode, e.grade
    """).pl()
    assert by_level.filter(pl.col("grade") != pl.col("level")).is_empty()
    episodes = db.sql("select count(*) as n from graded.derived_episodes where scale = 'ASTCT 2019'").pl()["n"].item()
    assert by_level.height == episodes
