import zipfile
from datetime import UTC, datetime
from functools import cache
from io import BytesIO

import polars as pl
import pytest

from reports.xlsx import MOST_CHARACTERS, ard_xlsx, cell_text
from tests.unit.paper_material import HOSTILE
from tests.unit.paper_reading import workbook
from tests.unit.report_material import listings, material


def few(**changes: object):
    """The made-up study with the first rows of its ARD."""
    return material(**{"ard": material().ard.head(50), **changes})


@cache
def content() -> bytes:
    return ard_xlsx(few())


def part(name: str) -> str:
    with zipfile.ZipFile(BytesIO(content())) as file:
        return file.read(name).decode()


def test_there_is_a_sheet_of_the_ard_and_one_of_each_listing():
    names = ["ARD", "L1 Episodes of CRS", "L2 Deaths of treated subjects", "L3 Interventions"]
    assert [*workbook(content())] == [
        *names,
        "L4 Reported and derived CRS tha",
        "L5 Adjudicated grades",
        "T10 Each change",
    ]


def test_the_sheet_of_the_ard_has_its_rows():
    ard = material().ard.head(50)
    heading, *rows = workbook(content())["ARD"]
    assert heading == ard.columns
    assert rows == [list(row) for row in ard.iter_rows()]


def test_a_listing_has_its_numbers_as_numbers_shown_as_they_are_printed():
    heading, first, second = workbook(content())["L1 Episodes of CRS"]
    assert heading[:7] == ["Subject", "Therapy", "Dose level", "Tumour burden", "Episode", "Onset", "Day"]
    assert first[:7] == ["P1", "CAR-T", "DL1", "Low", 1, "2026-03-02 06:00", 1.25]
    assert second[9:13] == [None, 1, 4, "ongoing"]
    assert 'formatCode="0.0"' in part("xl/styles.xml")


def test_headings_stay_in_view_and_columns_have_filters_and_widths():
    sheet = part("xl/worksheets/sheet2.xml")
    assert 'topLeftCell="B2" activePane="bottomRight" state="frozen"' in sheet
    assert '<autoFilter ref="A1:S3"/>' in sheet
    assert sheet.count('customWidth="1"') > 10


@pytest.mark.parametrize("text", [*HOSTILE, "+1", "-1", "@sum", "=1+1", "https://example.org", "1e5", "_x000D_"])
def test_text_is_kept_as_text(text):
    row = listings()["deaths"].with_columns(usubjid=pl.lit(text))
    made = workbook(ard_xlsx(few(listings={**listings(), "deaths": row})))
    assert made["L2 Deaths of treated subjects"][1][0] in (cell_text(text), "_x005F_x000D_")


def test_text_that_becomes_a_formula_when_edited_is_marked_as_text():
    row = listings()["deaths"].with_columns(cause=pl.lit("=1+1"))
    with zipfile.ZipFile(BytesIO(ard_xlsx(few(listings={**listings(), "deaths": row})))) as file:
        assert 'quotePrefix="1"' in file.read("xl/styles.xml").decode()


def test_text_that_is_too_long_for_a_cell_says_that_it_is_cut():
    said = cell_text("x" * 40_000)
    assert len(said) == MOST_CHARACTERS
    assert said.endswith("x [cut: 40,000 characters; crs.duckdb has all of them]")


def test_the_same_material_gives_the_same_bytes():
    assert ard_xlsx(few()) == content()


def test_it_says_when_it_was_made():
    later = ard_xlsx(few(made_at=datetime(2026, 7, 2, tzinfo=UTC)))
    assert "2026-07-01T12:30:00Z" in part("docProps/core.xml")
    assert later != content()


def test_listings_without_rows_have_their_headings():
    empty = {name: frame.clear() for name, frame in listings().items()}
    made = workbook(ard_xlsx(few(listings=empty)))
    assert [len(rows) for name, rows in made.items() if name != "ARD"] == [1] * 6
