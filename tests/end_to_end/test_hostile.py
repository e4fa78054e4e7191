"""A study whose every text is hostile to some output, through the line: text stays text, and nothing runs."""

import io
import shutil
import xml.etree.ElementTree as ET
from contextlib import contextmanager

import polars as pl
import pytest
import yaml
from playwright.sync_api import sync_playwright

from pipelines.simulate import Trial, simulate
from tests.end_to_end.conftest import Line
from tests.end_to_end.leaking import leaks
from tests.unit.formats.helpers import read
from tests.unit.paper_reading import in_office, pdf_texts, said, squeezed, workbook

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile")]

STUDY = "SIM-CART"
MARKUP = "<script>window.ran=1</script><img src=x onerror=window.ran=1>"
FORMULA = "=HYPERLINK(\"http://127.0.0.1:1/\",'y')"
TEX = "C:\\par {\\b x} 50 % \\'e9 a_b^c $x$ #let y = 1"
RIGHT_TO_LEFT = "שלום"
JAPANESE = "日本語"
MANY = f"{RIGHT_TO_LEFT} {JAPANESE} {MARKUP} {TEX}"
# Texts that no rule of grading reads: what is put after each value of a variable.
AFTER = {
    "dm": {"SUBJID": TEX, "SITEID": MARKUP, "RACE": JAPANESE, "ARM": MANY, "ACTARM": MANY, "COUNTRY": RIGHT_TO_LEFT},
    "ae": {"AETERM": MANY, "AEACN": MARKUP, "AEREL": TEX, "AEBODSYS": FORMULA},
    "cm": {"CMINDC": MARKUP, "CMDOSU": FORMULA},
    "ds": {"DSTERM": MANY},
    "lb": {"LBTEST": TEX},
    "vs": {"VSTEST": JAPANESE},
    "pr": {"PRINDC": MARKUP},
}
SUBJECT = f"=1+1 <b>{JAPANESE} {RIGHT_TO_LEFT} a_b^c {{\\x}} </script> "


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Line:
    """The study, run with the command."""
    folder = tmp_path_factory.mktemp("hostile")
    simulate(Trial(therapy="car-t", subjects=30, seed=7), folder / "studies")
    _spoil(folder / "studies" / STUDY)
    line = Line(home=folder / "home", studies=folder / "studies")
    line.crsight("run", STUDY)
    return line


def _spoil(study) -> None:
    for path in study.glob("transfers/*/*.parquet"):
        spoilt = {name: pl.concat_str(name, pl.lit(f" {text}")) for name, text in AFTER.get(path.stem, {}).items()}
        rows = pl.read_parquet(path).with_columns(USUBJID=pl.concat_str(pl.lit(SUBJECT), "USUBJID"), **spoilt)
        if path.stem == "ex":
            rows = rows.with_columns(EXTRT=pl.concat_str("EXTRT", pl.lit(f" {MANY}")))
        rows.write_parquet(path)
    path = study / "study.yaml"
    told = yaml.safe_load(path.read_text())
    classes = told["therapy"]["classes"]
    told["title"] = told["indication"] = MANY
    told["therapy"]["classes"] = {
        f"{FORMULA} {MARKUP}": [f"{value} {MANY}" for values in classes.values() for value in values]
    }
    told["dose"]["levels"] = {f"{name} {TEX} {JAPANESE}": limits for name, limits in told["dose"]["levels"].items()}
    path.write_text(yaml.safe_dump(told, allow_unicode=True))


def subjects(hostile) -> list[str]:
    return (
        hostile.ask(STUDY, "select usubjid from adcrs where grade is not null order by all")["usubjid"]
        .unique()
        .to_list()
    )


def test_the_study_is_graded_all_the_same(hostile):
    counts = hostile.ask(STUDY, "select count(*) as n, count(*) filter (where saffl = 'Y') as treated from adsl")
    assert counts.row(0)[0] == 30
    assert counts.row(0)[1] > 20
    assert len(subjects(hostile)) > 10
    assert all(subject.startswith(SUBJECT) for subject in subjects(hostile))


@contextmanager
def opened(report, said_by_page, asked):
    """The report in a browser; what it says on the console or asks for is kept."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda message: said_by_page.append(message.text))
        page.on("pageerror", lambda error: said_by_page.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(report.as_uri())
        yield page
        browser.close()


def test_the_report_shows_it_as_text_and_runs_nothing(hostile):
    said_by_page, asked = [], []
    with opened(hostile.release(STUDY) / "report-closed.html", said_by_page, asked) as page:
        text = page.locator("body").inner_text()
        names = page.locator(".listing[data-rows='rows-episodes'] tbody tr td:first-child").all_inner_texts()
        page.locator("#t1 [data-cell]").first.click()
        ran = page.evaluate("window.ran")
    assert (ran, said_by_page, len(asked)) == (None, [], 1)
    assert MARKUP in text
    assert " ".join(names[0].split()) in {" ".join(subject.split()) for subject in subjects(hostile)}


def test_the_rtf_is_opened_and_shows_it_as_text(hostile, tmp_path):
    rtf = (hostile.release(STUDY) / "tables.rtf").read_text(encoding="ascii")
    assert squeezed(MANY) in squeezed(said(rtf))
    assert squeezed(JAPANESE) in squeezed("".join(pdf_texts(in_office(rtf, tmp_path))))


def test_the_pdf_shows_it_as_text(hostile):
    text = squeezed("".join(pdf_texts((hostile.release(STUDY) / "tables.pdf").read_bytes())))
    assert squeezed(TEX) in text
    assert squeezed(MARKUP) in text


def test_the_workbook_has_it_as_text(hostile):
    sheets = workbook((hostile.release(STUDY) / "ard.xlsx").read_bytes())
    named = {row[0] for row in sheets["L1 Episodes of CRS"][1:]}
    assert named
    assert named <= set(subjects(hostile))


def test_the_datasets_have_it_as_it_was(hostile):
    adsl = pl.read_parquet(hostile.release(STUDY) / "datasets" / "adsl.parquet")
    assert adsl["siteid"].str.ends_with(MARKUP).all()
    assert adsl["arm"].drop_nulls().str.ends_with(MANY).all()


@pytest.mark.parametrize("ending", ["xpt", "json"])
def test_a_dataset_in_other_formats_has_it_too(hostile, ending):
    rows = read(hostile.release(STUDY) / "datasets" / f"adsl.{ending}")
    assert rows["SITEID"].str.ends_with(MARKUP).all()
    assert rows["USUBJID"].str.starts_with(SUBJECT).all()


def test_define_has_it_as_text(hostile):
    root = ET.parse(hostile.release(STUDY) / "datasets" / "define.xml").getroot()
    assert not [one for one in root.iter() if one.tag.lower().rpartition("}")[2] in ("script", "img")]
    assert MANY in {text for one in root.iter() for text in (one.text, *one.attrib.values()) if text}


def test_a_narrative_and_a_profile_show_it_as_text(hostile):
    said_by_page, asked = [], []
    with opened(hostile.release(STUDY) / "report-closed.html", said_by_page, asked) as page:
        case = page.locator(".case").first
        case.locator("summary").first.click()
        drawn = case.locator("svg [data-said]").evaluate_all("all => all.map((one) => one.dataset.said).join()")
        text, ran = case.inner_text(), page.evaluate("window.ran")
    assert (ran, said_by_page, len(asked)) == (None, [], 1)
    assert MARKUP in text
    assert MARKUP in drawn


@pytest.mark.parametrize(("format", "reader"), [("json", pl.read_json), ("csv", pl.read_csv)])
def test_asked_in_sql_it_is_text(hostile, format, reader):
    query = "select distinct arm from adsl where arm is not null"
    said = hostile.crsight("sql", query, "--study", STUDY, "--format", format).stdout
    arms = reader(io.BytesIO(said.encode()))["arm"]
    assert len(arms) > 0
    assert arms.str.ends_with(MANY).all()


def test_the_open_report_has_none_of_it(hostile):
    page = (hostile.release(STUDY) / "report-open.html").read_text(encoding="utf-8")
    assert [text for text in (JAPANESE, RIGHT_TO_LEFT, "window.ran", "HYPERLINK", "1+1") if text in page] == []
    assert leaks(hostile, STUDY) == []
