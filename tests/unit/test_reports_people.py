"""The subjects behind the numbers of a page, and its listings."""

import base64
import hashlib
import json
import re
from functools import cache

import polars as pl
import pytest

from reports.page import closed_report
from tests.unit.report_material import counted, listings, material
from tests.unit.report_reading import Page

CAPTIONS = {
    "episodes": "L1. Episodes of CRS",
    "deaths": "L2. Deaths of treated subjects",
    "treatments": "L3. Interventions",
    "discordances": "L4. Reported and derived CRS that differ",
}


@cache
def page() -> Page:
    return Page(closed_report(material()))


def data(name, html=None):
    [text] = re.findall(rf'<script type="application/json" id="{name}">(.*?)</script>', html or page().html, re.S)
    return json.loads(text)


def test_every_printed_count_names_its_subjects():
    found = data("behind")
    printed = {element.attributes["data-cell"] for element in page().results}
    assert len(printed & counted()) > 500
    assert found["cells"].keys() == printed & counted()
    assert {tuple(found["sets"][place]) for place in found["cells"].values()} == {(1, 2)}


def test_steps_lead_from_one_subject_to_the_next():
    people = data("people")
    assert [row[0] for row in people["rows"]] == ["P1", "P2", "P3"]
    assert people["rows"][0] == ["P1", "CAR-T", "DL1", "Low", "3", "1.3", "resolved"]


def test_more_subjects_than_a_page_can_carry_are_left_out_by_name():
    [cell] = sorted(counted())[:1]
    html = closed_report(material(behind=lambda cells: {cell: list(range(1001))}))
    assert (data("behind", html)["cells"], data("behind", html)["left_out"]) == ({}, [cell])


@pytest.mark.parametrize("name", CAPTIONS)
def test_a_listing_has_all_its_rows_under_its_caption(name):
    assert CAPTIONS[name] in [element.text for element in page().all("h3")]
    assert len(data(f"rows-{name}")) == listings()[name].height


def test_a_listing_writes_days_flags_and_words():
    first, second = data("rows-episodes")
    assert first[4:11] == ["1", "2026-03-02 06:00", "1.3", "2026-03-05", "3.0", "3", "3"]
    assert (first[13], first[16], second[13], second[18]) == (None, "Y", "Y", "Y")
    assert [row[2] for row in data("rows-treatments")] == ["tocilizumab", "respiratory support"]


def test_the_only_script_that_may_run_is_the_page_s_own():
    [script] = re.findall(r"<script>(.*?)</script>", page().html, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'\"" in page().html


def test_text_in_a_listing_cannot_end_its_script():
    hostile = "</script><script>alert(1)</script>"
    rows = {**listings(), "deaths": listings()["deaths"].with_columns(cause=pl.lit(hostile))}
    html = closed_report(material(listings=rows))
    assert html.count("<script>") == 1
    assert data("rows-deaths", html)[0][6] == hostile
