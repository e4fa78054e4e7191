"""All analysis results of three simulated trials pooled: each number is countable, printable and the same every time."""

import math

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.analyses import ANALYSES, Context, ard_rows
from pipelines.analyses.labels import COUNTS
from pipelines.arrival import arrive
from pipelines.asking.recipes import recipes
from pipelines.cases import cases
from pipelines.models import read_models
from pipelines.simulate import Trial, simulate
from pipelines.site import Site
from pipelines.warehouse import build, frame
from tests.shared import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ard")]

CONTEXT = Context(study="POOLED", cut="2026-06-30", scale="ASTCT 2019", source="reported")
DRAWN = 120
NAMES = [analysis.name for analysis in ANALYSES]


@pytest.fixture(scope="module")
def pooled(tmp_path_factory):
    """The warehouse of three pooled trials, one of them by step-up dosing, with every model built."""
    folder = tmp_path_factory.mktemp("pooled")
    for therapy, seed in (("car-t", 21), ("bispecific", 22), ("antibody", 23)):
        simulate(Trial(therapy=therapy, subjects=100, seed=seed), folder / "studies")
    site = Site(home=folder / "home", studies=folder / "studies")
    arrive(site, "POOLED")
    with site.warehouse.open("POOLED") as db:
        for model in read_models(ROOT / "sql"):
            build(db, model)
        db.execute("set schema = 'analysis'")
        yield db


@pytest.fixture(scope="module")
def tables(pooled):
    names = {name for analysis in ANALYSES for name in analysis.reads} | {"analysis.strata"}
    return {name: frame(pooled, f"select * from {name} order by all") for name in names}


@pytest.fixture(scope="module")
def ards(tables):
    return {analysis.name: rows_of(analysis, tables) for analysis in ANALYSES}


def rows_of(analysis, tables) -> pl.DataFrame:
    return ard_rows(analysis.name, analysis.compute(tables), tables["analysis.strata"], CONTEXT)


@pytest.mark.parametrize("name", NAMES)
def test_cells_drawn_at_random_count_as_many_subjects_as_their_select_returns(name, ards, pooled):
    counted = ards[name].filter(pl.col("stat_name").is_in(COUNTS), pl.col("stat").is_not_null())
    drawn = counted.sample(min(DRAWN, counted.height), seed=len(name))
    found = [frame(pooled, sql).unique(["studyid", "usubjid"]).height for sql in drawn["subjects_sql"]]
    assert_frame_equal(drawn.with_columns(stat=pl.Series(found, dtype=pl.Float64)), drawn)


@pytest.mark.parametrize("asked", [one for one in recipes() if one.name != "rows-kept-out"], ids=lambda one: one.name)
def test_every_recipe_has_an_answer(asked, pooled, ards):
    pooled.register("ard", pl.concat(list(ards.values()), how="vertical_relaxed").with_row_index("position"))
    # In these trials every CRS ended.
    assert (frame(pooled, asked.query).height > 0) == (asked.name != "still-ongoing")


@pytest.mark.parametrize("name", NAMES)
def test_every_count_of_subjects_names_its_subjects(name, ards):
    nameless = ards[name].filter(pl.col("stat_name").is_in(COUNTS), pl.col("subjects_sql").is_null())
    assert nameless.select("variable", "variable_level", "stat_name").unique().rows() == []


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_finite_or_said_in_words_with_a_reason(name, ards):
    rows = ards[name]
    assert all(map(math.isfinite, rows["stat"].drop_nulls()))
    silent = rows.filter(pl.col("stat").is_null(), pl.col("stat_text").is_null())
    unexplained = rows.filter(pl.col("stat_text").is_in(["NE", "NR"]), pl.col("warning").is_null())
    for wrong in (silent, unexplained):
        assert wrong.select("variable", "variable_level", "stat_name").unique().rows() == []


@pytest.mark.parametrize("name", NAMES)
def test_proportions_lie_within_their_limits(name, ards):
    where = ["stratum_key", "by_variable", "by_level", "variable", "variable_level"]
    rows = ards[name].with_columns(
        stratum_key=pl.concat_str("group1_level", "group2_level", "group3_level", ignore_nulls=True)
    )
    wide = rows.filter(pl.col("stat_name").is_in(["n", "N", "p", "ci_low", "ci_high"])).pivot(
        "stat_name", index=[*where, "group1"], values="stat", aggregate_function="first"
    )
    if "p" in wide.columns:
        wide = wide.filter(pl.col("p").is_not_null())
        assert wide.filter(pl.col("n") > pl.col("N")).rows() == []
        if "ci_low" in wide.columns:
            assert wide.filter((pl.col("ci_low") > pl.col("p")) | (pl.col("p") > pl.col("ci_high"))).rows() == []


@pytest.mark.parametrize("analysis", ANALYSES, ids=NAMES)
def test_the_order_of_the_rows_it_reads_changes_nothing(analysis, tables, ards):
    shuffled = {name: table.sample(fraction=1, shuffle=True, seed=5) for name, table in tables.items()}
    again = rows_of(analysis, shuffled)
    assert_frame_equal(again, ards[analysis.name], check_row_order=False, rel_tol=1e-9)


def test_no_two_numbers_have_one_id(ards):
    whole = pl.concat([rows.select("cell_id") for rows in ards.values()])
    assert whole["cell_id"].is_duplicated().sum() == 0


def test_cases_are_the_severe_the_dead_and_the_discordant_and_nobody_else(pooled):
    found = cases(pooled)["people"]
    expected = pooled.sql("""
        select studyid, usubjid from adsl join subject_results as r using (studyid, usubjid)
        where r.part = 'all' and r.episodes > 0 and coalesce(r.grade, r.grade_max) >= 3
        union
        select studyid, usubjid from adsl where saffl = 'Y' and dthfl = 'Y'
        union
        select studyid, usubjid from discordances where scale = reported_scale and not is_explained_by_uncertainty
    """).pl()
    assert found.height > 10
    assert {*found.select("studyid", "usubjid").iter_rows()} == {*expected.iter_rows()}
    assert found["place"].to_list() == [*range(1, found.height + 1)]


def test_moments_of_cases_stand_in_the_released_tables(pooled):
    found = cases(pooled)
    pooled.register(
        "told",
        found["episodes"]
        .join(found["people"].select("place", "studyid", "usubjid", "scale", "source"), on="place")
        .to_arrow(),
    )
    [(told, kept)] = pooled.sql("""
        select count(*), count(*) filter (
            a.onset_days is not distinct from t.day and t.began = strftime(a.astdtm, '%Y-%m-%d %H:%M')[: length(t.began)]
            and a.duration_days = t.duration_days and a.grade is not distinct from t.grade and a.outcome = t.outcome
        )
        from told as t
        left join adcrs as a using (studyid, usubjid, scale, source, episode)
    """).fetchall()
    assert told == kept > 10


def test_the_worst_sign_of_an_episode_is_a_reading_and_none_is_worse(pooled):
    found = cases(pooled)
    readings = pooled.sql("select place, test, value from temp.readings").pl()
    worst = found["extremes"].filter(pl.col("test").is_in(["TEMP", "SYSBP", "OXYSAT"]))
    assert worst.join(readings, on=["place", "test", "value"], how="anti").is_empty()
    signs = found["vitals"].filter(pl.col("is_sign"), pl.col("test") == "TEMP")
    highest = signs.group_by("place").agg(pl.col("value").max().alias("highest"))
    told = worst.filter(pl.col("test") == "TEMP").group_by("place").agg(pl.col("value").max())
    compared = told.join(highest, on="place")
    assert compared.height > 5
    assert (compared["value"] >= compared["highest"]).all()


def test_grades_as_they_went_are_never_of_a_pause_nor_two_at_one_time(pooled):
    found = cases(pooled)["segments"]
    assert found.filter(pl.col("grade") == 0).is_empty()
    of_one = ["place", "source", "scale", "episode"]
    ordered = found.sort(*of_one, "from_day").with_columns(before=pl.col("to_day").shift(1).over(of_one))
    assert ordered.filter(pl.col("from_day") < pl.col("before") - 1e-9).is_empty()
