import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from reports.material import Material
from reports.page import closed_report
from reports.paper.frame import Page
from reports.paper.letters import visible
from reports.paper.setting import SIZES_PT
from reports.results import Results
from reports.rtf import escaped, tables_rtf
from reports.section import Drawn, Fold
from reports.sections import incidence, listings, outcome
from reports.tables import Table
from tests.unit.paper_material import HOSTILE, hostile, of_settings, with_episodes
from tests.unit.paper_reading import in_office, pdf_words, planned, rtf_rows, rtf_titles, said, squeezed, words
from tests.unit.report_material import material
from tests.unit.report_more import whole
from tests.unit.report_people import people
from tests.unit.report_reading import Page as Html

LISTINGS = (listings.SECTION,)


@cache
def rtf() -> str:
    return tables_rtf(material())


@cache
def pages() -> list[Page]:
    return planned(material())


@cache
def hostile_rtf() -> str:
    return tables_rtf(hostile())


def test_every_table_of_the_page_is_printed_with_the_same_text():
    given = material(people(12), ard=whole(people(12)))
    printed, shown = _printed(tables_rtf(given)), _shown(closed_report(given))
    assert len(shown) > 80
    assert printed == shown


def _printed(document: str) -> dict[str, list[tuple[str, ...]]]:
    """The rows of each table, headings of groups left out, by its caption."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for page in document.split("\\pagebb"):
        for title in (title for title in rtf_titles(page) if title.startswith("Table")):
            caption = squeezed(re.sub(r"^Table \S+ | \(continued\)$", "", title.replace("\n", " ")))
            rows = [tuple(map(squeezed, row)) for row in rtf_rows(page)[1:] if len(row) > 1]
            found[caption] = [*found.get(caption, []), *rows]
    return found


def _shown(html: str) -> dict[str, list[tuple[str, ...]]]:
    tables = re.findall(r'<h3 class="caption">([^<]*)</h3>\s*<div class="scroll".*?<tbody>(.*?)</table>', html, re.S)
    return {
        squeezed(re.sub(r"^[A-Z]\d+\. ", "", Html(f"<p>{caption}</p>").all("p")[0].text)): [
            tuple(squeezed(e.text) for e in Html(row).elements if e.tag in ("th", "td"))
            for row in re.findall(r"<tr(?: data-stratum=[^>]*)?>.*?</tr>", body, re.S)
        ]
        for caption, body in tables
    }


def test_libreoffice_lays_out_the_pages_as_planned(tmp_path):
    found = pdf_words(in_office(rtf(), tmp_path))
    assert [page - footer for page, footer in zip(found, _footers(), strict=True)] == [*map(words, pages())]


def _footers() -> Iterator[Counter[str]]:
    text = "DEMO-1 · data cut 2026-06-30 · crsight 0.1.0 · run 0f3c9a52 · 2026-07-01 12:30:00 UTC"
    for number, _ in enumerate(pages(), start=1):
        yield Counter(f"{text} Page {number} of {len(pages())}".split())


def long(results: Results, given: Material) -> Drawn:
    """The durations of the strata of one therapy, six times over, which one page cannot hold."""
    drawn = outcome.SECTION.draw(results, given)
    crossed = [block for fold in drawn.blocks if isinstance(fold, Fold) for block in fold.blocks][-3]
    assert isinstance(crossed, Table)
    [first, *_] = crossed.bodies
    return replace(drawn, blocks=(replace(crossed, bodies=(replace(first, rows=first.rows * 6),)),))


@cache
def long_pages() -> list[Page]:
    return planned(material(), (replace(outcome.SECTION, draw=long),))


def test_titles_population_headings_and_footnotes_stand_on_every_page():
    first, second, *_ = long_pages()
    assert second.title == (f"{first.title[0]} (continued)",)
    assert second.population == ("Safety population: subjects with at least one dose of study treatment.",)
    assert (second.slots, second.notes) == (first.slots, first.notes)
    assert "Kaplan-Meier." in second.notes


def test_a_group_that_goes_on_is_named_again_at_the_top_of_the_page():
    _, second, *_ = long_pages()
    assert second.rows[0].cells == (("CAR-T (CD19) (continued)",),)


def test_a_key_is_printed_once_and_again_at_the_top_of_a_page():
    found = [page for page in planned(with_episodes(200), LISTINGS) if "Listing L1" in page.title[0]]
    for page in found:
        stubs = [row.cells[0][0] for row in page.rows]
        subjects = [stub for stub in stubs if stub]
        assert stubs[0]
        assert len(subjects) == len(set(subjects))
        assert len(stubs) > len(subjects)


def test_columns_that_do_not_fit_are_on_a_further_page_with_the_same_rows():
    first, second = [page for page in pages() if "Listing L1" in page.title[0]][:2]
    assert first.title == ("Listing L1. Episodes of CRS [columns, part 1 of 2]",)
    assert second.title == ("Listing L1. Episodes of CRS [columns, part 2 of 2] (continued)",)
    assert [row.cells[0] for row in first.rows] == [row.cells[0] for row in second.rows]
    labels = [" ".join(slot.heading) for slot in (*first.slots, *second.slots[1:])]
    assert labels == [label for label, _ in listings.KINDS["episodes"].columns.values()]


@pytest.mark.parametrize("font", ["courier", "times"])
@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_letters_are_never_too_small_and_columns_never_off_the_page(font, paper):
    width = {"A4": 841.9, "letter": 792.0}[paper] - 90
    for page in planned(of_settings(font=font, paper=paper), (incidence.SECTION, listings.SECTION)):
        assert page.size in SIZES_PT
        assert sum(slot.width + slot.gap for slot in page.slots) <= width + 4 * page.size


def test_every_row_of_a_long_listing_is_printed_once():
    found = [page for page in planned(with_episodes(4000), LISTINGS) if "part 1 of 2" in page.title[0]]
    onsets = [row.cells[5] for page in found for row in page.rows]
    assert onsets == [("2026-03-02 06:00",), ("2026-03-06",)] * 2000


def test_what_did_not_happen_is_printed_as_none():
    empty = {name: frame.clear() for name, frame in material().listings.items()}
    document = tables_rtf(material(listings=empty), LISTINGS)
    assert [row for row in rtf_rows(document) if row == ("None.",)] == [("None.",)] * 5


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{a}\\b", "\\{a\\}\\\\b"),
        ("a_b^c", "a_b^c"),
        ("é", "\\u233?"),
        ("≥", "\\u8805?"),
        ("日", "\\u26085?"),
        ("￭", "\\u-19?"),
        ("😀", "\\u-10179?\\u-8704?"),
    ],
)
def test_text_is_escaped(text, written):
    assert escaped(text) == written
    assert said(escaped(text)) == text


def test_hostile_text_is_printed_as_text():
    assert hostile_rtf().isascii()
    printed = {squeezed(cell) for row in rtf_rows(hostile_rtf()) for cell in row}
    expected = {squeezed(visible(text)) for text in HOSTILE}
    assert expected <= printed


def test_libreoffice_opens_hostile_text(tmp_path):
    found = pdf_words(in_office(hostile_rtf(), tmp_path))
    assert len(found) == hostile_rtf().count("\\pagebb") + 1
    deaths = next(page for page in found if "L2." in page)
    assert {"<script>alert(1)</script>", "C:\\par", "{\\b", "a_b^c", "日本語の文"} <= deaths.keys()


def test_the_same_material_gives_the_same_bytes():
    assert tables_rtf(material()) == rtf()
