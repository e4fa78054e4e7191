import re
from functools import cache

import polars as pl
import pytest

from reports.material import Material
from reports.page import closed_report
from reports.phrases import REASON
from reports.words import written
from tests.unit.report_material import material as made_up
from tests.unit.report_more import whole
from tests.unit.report_reading import Page, section, text_of

SECTIONS = ("summary", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "events", "b1", "cases", "listings", "t10", "t9")


@cache
def material() -> Material:
    return made_up(ard=whole())


@cache
def page() -> Page:
    return Page(closed_report(material()))


def test_every_printed_result_is_its_row_of_the_ard():
    rows = {row["cell_id"]: row for row in material().ard.iter_rows(named=True)}
    printed = [(e.attributes["data-cell"], e.attributes["data-as"], e.text) for e in page().results]
    assert len(printed) > 1000
    assert [(c, s, _written(rows[c], s)) for c, s, _ in printed] == printed


def _written(row: dict, style: str) -> str:
    return row["warning"] if style == REASON else written(row["stat"], row["stat_text"], style)


def test_every_section_of_results_prints_results():
    sections = [name for name in SECTIONS if name not in ("cases", "listings", "t10", "t9")]
    assert [name for name in sections if "data-cell" not in section(page().html, name)] == []


def test_no_number_stands_in_a_table_of_results_but_as_a_result():
    html = "".join(page().html.split('<section id="cases"')[0])
    cells = Page(re.search(r"<main>.*", html, re.S)[0] + "</main>").all("td")
    assert len(cells) > 1000
    assert [cell.text for cell in cells if re.search(r"\d", cell.loose)] == []


def test_a_result_printed_as_a_percentage_is_a_proportion():
    rows = {row["cell_id"]: row["stat_name"] for row in material().ard.iter_rows(named=True)}
    as_percent = {rows[e.attributes["data-cell"]] for e in page().results if e.attributes["data-as"] == "percent"}
    assert as_percent <= {
        *("p", "cif", "complement_km", "ci_low", "ci_high"),
        *("risk_exposed", "risk_unexposed", "probability", "stop_probability"),
    }


def test_the_sections_come_in_the_order_of_the_contents():
    links = [e.attributes["href"] for e in page().all("a") if "nav" in e.inside]
    assert [e.attributes["id"] for e in page().all("section")] == list(SECTIONS)
    assert links == [f"#{name}" for name in SECTIONS]


def test_every_section_ends_with_study_cut_version_run_and_time():
    footers = [e.text for e in page().all("footer")]
    said = "DEMO-1 · data cut 2026-06-30 · crsight 0.1.0 · run 0f3c9a52 · 2026-07-01 12:30:00 UTC"
    assert footers == [said] * len(SECTIONS)


@pytest.mark.parametrize("name", ["summary", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "b1"])
@pytest.mark.parametrize(
    "said",
    [
        "Safety population: subjects with at least one dose of study treatment.",
        "Denominator: ",
        "Grades: ASTCT 2019, as reported by the investigator; each subject once, at the highest grade.",
        "grading.primary = reported; grading.episode_gap_days = 7; grading.onset_window_days = 30",
    ],
)
def test_every_section_of_results_names_population_denominator_grades_and_parameters(name, said):
    assert said in text_of(section(page().html, name))


@pytest.mark.parametrize(
    ("name", "estimator"),
    [("t1", "Exact interval."), ("t2", "Cumulative incidence."), ("t3", "Kaplan-Meier."), ("summary", "Kaplan-Meier.")],
)
def test_the_footnotes_name_the_estimators_of_the_ard(name, estimator):
    assert f"<li>{estimator}</li>" in section(page().html, name)


def test_the_page_needs_no_network():
    html = re.sub(r'xmlns(:xlink)?="[^"]*"', "", page().html)
    assert re.findall(r"https?:|//\w|<link|<img|\bsrc=|@import|url\((?!#)", html) == []


def test_every_identifier_is_unique_and_every_reference_resolves():
    ids = [e.attributes["id"] for e in page().elements if "id" in e.attributes]
    references = set(re.findall(r'(?:href="#|url\(#|aria-labelledby=")([^")]+)', page().html))
    assert len(ids) == len(set(ids))
    assert references <= set(ids)


def test_every_heading_of_a_table_says_what_it_heads():
    scopes = {e.attributes.get("scope") for e in page().all("th")}
    assert scopes == {"col", "row", "rowgroup"}


def test_every_drawing_has_words_in_its_place():
    drawings = page().all("div", role="img")
    assert len(drawings) == len(page().all("svg")) == 29
    assert all("The numbers are in the table" in e.attributes["aria-label"] for e in drawings)


def test_the_same_material_gives_the_same_page():
    assert closed_report(material()) == page().html


def test_the_lead_says_how_many_how_bad_and_how_many_died():
    counts = {row["variable_level"]: int(row["stat"]) for row in _overall_counts()}
    said = (
        f"{counts['any']} of 120 treated subjects had CRS, {counts['>=3']} of grade 3 or higher, {counts['5']} fatal."
    )
    assert page().all("p", class_="lead")[0].text == said


def _overall_counts():
    rows = material().ard.filter(
        (pl.col("analysis") == "incidence") & pl.col("group1").is_null() & (pl.col("stat_name") == "n")
    )
    return rows.iter_rows(named=True)


def test_the_quality_page_adds_up_the_files():
    row = re.search(r'<th scope="row">All files</th>(.*?)</tr>', section(page().html, "t9"))[1]
    assert re.findall(r">([\d,]+)</td>", row) == ["25,393", "25,365", "28"]


def test_the_quality_page_names_the_rules_that_did_not_hold_and_no_others():
    html = section(page().html, "t9")
    assert "Rules that did not hold: 1 of 2" in html
    assert "grade__column_values_to_be_between" in html
    assert "usubjid__column_values_to_be_unique" not in html


def test_the_rows_of_a_stratum_name_its_levels_and_other_rows_none():
    rows = re.findall(r'<tr data-stratum="([^"]*)"><th scope="row">([^<]*)<', section(page().html, "t1"))
    assert ("Dose level: DL2", "DL2") in rows
    assert ("Therapy: CAR-T (CD19)\nDose level: DL1\nTumour burden: Low", "DL1 · Low") in rows
    assert "data-stratum" not in section(page().html, "t9")
