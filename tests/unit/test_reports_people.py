"""The subjects behind the numbers of a page, and its listings."""

import base64
import hashlib
import json
import re
from functools import cache
from itertools import accumulate

import polars as pl
import pytest

from reports.page import closed_report
from reports.people import behind
from reports.phrases import Number
from reports.section import Drawn, Sentence
from reports.xlsx import ard_xlsx
from tests.unit.paper_reading import workbook
from tests.unit.report_material import counted, listings, material, tables
from tests.unit.report_reading import Page

CAPTIONS = {
    "episodes": "L1. Episodes of CRS",
    "deaths": "L2. Deaths of treated subjects",
    "treatments": "L3. Interventions",
    "discordances": "L4. Reported and derived CRS that differ",
    "adjudications": "L5. Adjudicated grades",
}


@cache
def page() -> Page:
    return Page(closed_report(material()))


def data(name, html=None):
    [text] = re.findall(rf'<script type="application/json" id="{name}">(.*?)</script>', html or page().html, re.S)
    return json.loads(text)


def test_every_printed_count_names_its_subjects():
    printed = {element.attributes["data-cell"] for element in page().results}
    assert len(printed & counted()) > 500
    assert whose(page().html) == {cell: [0, 2] for cell in printed & counted()}


@pytest.mark.parametrize(
    "places", [[], [0], [7], [1, 4], [*range(9)], [*range(0, 999, 2)], [5, 500, 900], [*range(40, 1000)]]
)
def test_a_set_of_subjects_is_read_as_it_was_packed(places):
    [cell] = sorted(counted())[:1]
    number = Number(cell_id=cell, style="count", text="1", why=None)
    printed = Drawn(blocks=(Sentence(said=(number,)),), notes=())
    found = behind(material(behind=lambda cells: {cell: places}), [printed])
    assert [unpacked(packed) for packed in found["sets"]] == [places]


def whose(html):
    """The subjects behind each number of a page, as its script reads them."""
    found = data("behind", html)
    starts = {cell[: found["width"]]: cell for cell in (e.attributes["data-cell"] for e in Page(html).results)}
    width, cells = found["width"], {}
    for ids, packed in zip(found["cells"], found["sets"], strict=True):
        for start in range(0, len(ids), width):
            cells[starts[ids[start : start + width]]] = unpacked(packed)
    return cells


def unpacked(packed):
    """Steps from one subject to the next, or a bit a subject."""
    if isinstance(packed, list):
        return [place - 1 for place in accumulate(packed)]
    return [8 * i + bit for i, byte in enumerate(base64.b64decode(packed)) for bit in range(8) if byte >> bit & 1]


def test_a_subject_has_a_row_of_text():
    rows = data("people")["rows"]
    assert [row[0] for row in rows] == ["P1", "P2", "P3"]
    assert rows[0] == ["P1", "CAR-T", "DL1", "Low", "3", "1.3", "resolved"]


def test_more_subjects_than_a_page_can_carry_are_left_out_by_name():
    [cell] = sorted(counted())[:1]
    html = closed_report(material(behind=lambda cells: {cell: list(range(1001))}))
    assert (data("behind", html)["cells"], data("behind", html)["left_out"]) == ([], [cell])


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


def test_a_listing_that_is_cut_says_so_in_the_page_and_in_the_workbook():
    """And a number whose subjects are too many says so too."""
    longer = tables()["listed"].with_columns(pl.col("rows") + 12_000)
    given = material(tables={**tables(), "listed": longer}, behind=dict.fromkeys)
    html, shown = closed_report(given), listings()["episodes"].height
    assert f"The first {shown} of {shown + 12_000:,} rows; all of them are in adcrs of crs.duckdb." in html
    assert json.loads(re.findall(r'id="behind">(.*?)</script>', html, re.DOTALL)[0])["sets"] == []
    assert any(name.startswith(f"First {shown} of") for name in workbook(ard_xlsx(given)))
