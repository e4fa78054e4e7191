"""A real cohort, counted by hand from its source, through the command line to the release."""

import hashlib
import io
import json
import shutil
import sys

import duckdb
import polars as pl
import pytest

from tests.end_to_end.leaking import leaks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("nulisa")]


def cell(line, *, variable, level, stat, analysis="incidence", where="group1 is null and by_variable is null"):
    query = (
        f"select stat from ard where analysis = '{analysis}' and variable = '{variable}' and variable_level = '{level}' "
        f"and stat_name = '{stat}' and {where}"
    )
    [(found,)] = line.ask("NULISA-CART", query).rows()
    return found


def test_sixty_one_of_eighty_had_crs_with_its_exact_interval(nulisa):
    found = [cell(nulisa, variable="max_grade", level="any", stat=s) for s in ("n", "N", "p", "ci_low", "ci_high")]
    assert [round(value, 3) for value in found] == [61, 80, 0.762, 0.654, 0.851]


def test_highest_grades(nulisa):
    assert [cell(nulisa, variable="max_grade", level=g, stat="n") for g in "12345"] == [18, 40, 2, 1, 0]


def test_crs_by_therapy(nulisa):
    query = """
        select group1_level, max(stat) filter (where stat_name = 'n'), max(stat) filter (where stat_name = 'N') from ard
        where analysis = 'incidence' and group1 = 'therapy' and group2 is null and variable_level = 'any' group by all order by all
    """
    assert nulisa.ask("NULISA-CART", query).rows() == [
        ("Axicabtagene ciloleucel", 38, 46),
        ("Brexucabtagene autoleucel", 2, 2),
        ("KTE-C19", 2, 2),
        ("Lisocabtagene maraleucel", 5, 8),
        ("Tisagenlecleucel", 14, 22),
    ]


def test_grades_by_therapy(nulisa):
    query = """
        select group1_level, list(stat::int order by variable_level) from ard
        where analysis = 'incidence' and group1 = 'therapy' and group2 is null and stat_name = 'n'
        and variable_level in ('1', '2', '3', '4') and group1_level in ('Axicabtagene ciloleucel', 'Tisagenlecleucel')
        group by all order by all
    """
    rows = nulisa.ask("NULISA-CART", query).rows()
    assert rows == [("Axicabtagene ciloleucel", [9, 27, 1, 1]), ("Tisagenlecleucel", [6, 8, 0, 0])]


def test_onset_in_elapsed_days(nulisa):
    found = [
        cell(nulisa, analysis="onset", variable="onset_days", level="with CRS", stat=s)
        for s in ("median", "q1", "q3", "min", "max")
    ]
    assert found == [2, 1, 5, 0, 10]


@pytest.mark.parametrize(("treatment", "n"), [("tocilizumab", 38), ("corticosteroids", 26), ("other_anticytokine", 6)])
def test_treatments_at_any_time(nulisa, treatment, n):
    # Siltuximab in 6 and anakinra in 1 are 6 subjects together.
    assert cell(nulisa, analysis="interventions", variable=treatment, level="any time", stat="n") == n


def test_sixty_two_episodes(nulisa):
    assert nulisa.ask("NULISA-CART", "select count(*) from adcrs").item() == 62


def test_eighty_six_episodes_without_a_gap(nulisa, tmp_path):
    studies = tmp_path / "studies"
    shutil.copytree(nulisa.studies, studies)
    settings = studies / "NULISA-CART/study.yaml"
    settings.write_text(settings.read_text() + "  episode_gap_days: 0\n")
    other = type(nulisa)(home=tmp_path / "home", studies=studies)
    other.crsight("run", "NULISA-CART")
    assert other.ask("NULISA-CART", "select count(*) from adcrs").item() == 86


def test_dose_and_tumour_burden_are_missing_and_no_error(nulisa):
    query = "select distinct dose_level, tumour_burden_level from adsl"
    assert nulisa.ask("NULISA-CART", query).rows() == [("Missing", "Missing")]


def test_the_subjects_behind_a_number_are_as_many_as_it_says(nulisa):
    query = "select subjects_sql, stat from ard where subjects_sql is not null and stat_name in ('n', 'n_events') order by cell_id"
    cells = nulisa.ask("NULISA-CART", query).sample(200, seed=7)
    counted = [nulisa.ask("NULISA-CART", sql).height for sql in cells["subjects_sql"]]
    assert counted == [int(stat) for stat in cells["stat"]]


def test_no_number_is_nan_or_infinite(nulisa):
    assert nulisa.ask("NULISA-CART", "select count(*) from ard where isnan(stat) or isinf(stat)").item() == 0
    assert nulisa.ask("NULISA-CART", "select count(*) from ard where stat is null and stat_text is null").item() == 0


def test_nothing_is_lost(nulisa):
    files = nulisa.ask("NULISA-CART", "select file, rows_in, rows_kept, rows_quarantined from ingested order by file")
    assert files.filter(pl.col("rows_in") != pl.col("rows_kept") + pl.col("rows_quarantined")).height == 0
    assert dict(files.select("file", "rows_in").rows()) == {"cm.csv": 230, "dm.csv": 80, "ex.csv": 80, "fa.csv": 1922}


def test_a_release_has_what_it_must(nulisa):
    folder = nulisa.release("NULISA-CART")
    manifest = json.loads((folder / "manifest.json").read_text())
    found = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {"manifest.json"}
    assert found == {
        "ard.xlsx",
        "crs.duckdb",
        "report-closed.html",
        "report-open.html",
        "dictionary.html",
        "tables.pdf",
        "tables.rtf",
        "datasets/define.xml",
        *(f"datasets/{n}.{e}" for n in ("adsl", "adcrs", "adtte", "adae") for e in ("parquet", "json", "xpt")),
    }
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in found}
    assert manifest["outputs"] == hashes


def test_the_open_release_lies_apart_and_only_it_may_be_read_by_everybody(nulisa):
    closed, opened = (nulisa.home / kind / "NULISA-CART" for kind in ("releases", "open"))
    names = {path.name for path in (opened / "current").iterdir()}
    assert names == {"report-open.html", "crs.duckdb", "manifest.json"}
    manifest = json.loads((opened / "current" / "manifest.json").read_text())
    hashes = {
        name: hashlib.sha256((opened / "current" / name).read_bytes()).hexdigest() for name in manifest["outputs"]
    }
    assert (manifest["outputs"], set(hashes)) == (hashes, names - {"manifest.json"})
    assert {path.stat().st_mode & 0o777 for path in opened.glob("*/*")} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in (opened, opened.parent)} == {0o755}
    folders = ("warehouse", "build", "raw", "last_run", "releases")
    kept = [closed.resolve() / "current", *(nulisa.home / name for name in folders)]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in closed.glob("*/*") if path.is_file()} == {0o600}


def test_the_open_database_has_no_subject(nulisa):
    with duckdb.connect(nulisa.home / "open/NULISA-CART/current/crs.duckdb", read_only=True) as db:
        assert db.execute("select table_name from duckdb_tables() order by all").fetchall() == [("ard",), ("records",)]
        blinded = "select count(*) from ard where subjects_sql is not null or group1 is not null or study is not null"
        assert db.execute(blinded).fetchall() == [(0,)]
        assert db.execute("select rows_in from records").fetchall() == [(2312,)]


@pytest.mark.parametrize(
    "table",
    [
        "adsl",
        "adcrs",
        "adcrs_subject",
        "grade_segments",
        "signs",
        "unqualified_signs",
        "grade_evidence",
        "adae",
        "adtte",
        "biomarkers",
        "ard",
        "queries",
        "quarantine",
        "ingested",
        "raw_dm",
        "raw_fa",
    ],
)
def test_every_table_and_column_says_what_it_is(nulisa, table):
    query = f"select comment from duckdb_tables() where table_name = '{table}'"
    assert nulisa.ask("NULISA-CART", query).item()
    columns = f"select count(*) from duckdb_columns() where table_name = '{table}' and comment is null"
    assert table.startswith("raw_") or nulisa.ask("NULISA-CART", columns).item() == 0


def test_the_report_is_one_file_that_asks_nothing_of_a_network(nulisa):
    page = (nulisa.release("NULISA-CART") / "report-closed.html").read_text()
    assert "61" in page
    assert "76.3" in page
    assert not [word for word in ('src="http', 'href="http', "@import", "url(http") if word in page]


def test_the_open_report_has_no_word_of_an_arm_and_no_subject(nulisa):
    assert leaks(nulisa, "NULISA-CART") == []


def test_running_again_keeps_the_release(nulisa):
    before = nulisa.release("NULISA-CART")
    manifest = (before / "manifest.json").read_bytes()
    nulisa.crsight("run", "NULISA-CART")
    assert nulisa.release("NULISA-CART") == before
    assert (before / "manifest.json").read_bytes() == manifest


def test_sql_is_one_select_on_the_release(nulisa):
    done = nulisa.crsight("sql", "select count(*) as n from adsl", "--format", "csv")
    assert done.stdout == "n\n80\n"


@pytest.mark.parametrize(
    "query",
    [
        "drop table adsl",
        "select 1; select 2",
        "copy adsl to 'x.csv'",
        "select * from read_csv('/etc/passwd')",
        "attach 'x.db'",
    ],
)
def test_sql_does_nothing_else(nulisa, query):
    assert nulisa.crsight("sql", query, expect=2).stderr.startswith("Usage: ")


def test_questions_may_come_through_a_pipe(nulisa, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("select count(*) as n from adsl;\n.format csv\nselect 1 as x"))
    assert nulisa.crsight("sql").stdout.endswith("x\n1\n")


def test_recipes_count_as_the_report_does(nulisa):
    therapies = nulisa.json("sql", "--recipe", "crs-by-therapy")
    therapy = {name: sum(row[name] for row in therapies) for name in ("treated", "with_crs", "grade_3_or_higher")}
    whole, *_ = nulisa.json("sql", "--recipe", "reported-numbers")
    assert (therapy["treated"], therapy["with_crs"]) == (whole["n_treated"], whole["n"])
    severe = nulisa.json("sql", "--recipe", "severe-episodes")
    assert len({row["usubjid"] for row in severe}) == therapy["grade_3_or_higher"]
    onsets = nulisa.json("sql", "--recipe", "onset-by-dose-level")
    assert sum(row["with_crs"] for row in onsets) == therapy["with_crs"]


def test_status_and_report(nulisa):
    [status] = nulisa.json("status")
    assert (status["study"], status["state"], status["released_cut"]) == ("NULISA-CART", "released", "2026-06-30")
    for arguments, file in (([], "report-closed.html"), (["--audience", "open"], "report-open.html")):
        assert nulisa.crsight("report", "NULISA-CART", *arguments).stdout.strip().endswith(file)
