"""The closed report in a browser: it needs nothing, its links lead somewhere, its numbers open, its listings search."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

NUMBER = "#t1 table >> nth=0 >> [data-cell]"


def test_the_page_asks_for_nothing_but_itself_and_complains_of_nothing(page, written):
    page.locator(NUMBER).nth(1).click()
    assert (page.asked, page.said) == ([written.as_uri()], [])


def test_every_link_of_the_contents_leads_to_its_section(page):
    for link in page.locator("nav a").all():
        link.click()
        target = page.locator(link.get_attribute("href"))
        assert -1 <= target.bounding_box()["y"] <= page.viewport_size["height"]


def test_a_number_opens_its_subjects_by_mouse_and_by_keyboard(page):
    dialog = page.locator("#behind-dialog")
    page.locator(NUMBER).first.click()
    assert re.match(r"2 subjects behind it\. .*crsight explain c\d+$", dialog.locator("p").inner_text())
    assert dialog.locator("tbody th, tbody td:first-child").all_inner_texts() == ["P1", "P3"]
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.locator(NUMBER).first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.cell") == page.locator(NUMBER).nth(1).get_attribute(
        "data-cell"
    )
    page.keyboard.press("Enter")
    assert dialog.is_visible()


def test_one_stop_of_the_tabulator_a_table(page):
    assert page.locator("#t1 table >> nth=0 >> [data-cell][tabindex='0']").count() == 1


def test_a_listing_is_searched_and_sorted(page):
    listing = page.locator(".listing[data-rows='rows-episodes']")
    listing.locator("input").fill("ongoing dl2")
    assert listing.locator("output").inner_text() == "1 of 2 rows"
    listing.locator("input").fill("")
    heading = listing.locator("thead th", has_text="Day").first
    heading.locator("button").click()
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert listing.locator("tbody tr td:first-child").all_inner_texts() == ["P3", "P1"]


def test_twenty_thousand_rows_scroll_though_few_are_drawn(page):
    listing = page.locator(".listing[data-rows='rows-treatments']")
    assert listing.locator("output").inner_text() == "20000 of 20000 rows"
    listing.locator(".rows").evaluate("box => { box.scrollTop = box.scrollHeight / 2 }")
    expect(listing.locator("tbody tr").nth(1)).to_have_attribute("aria-rowindex", re.compile(r"^(9|1\d)\d{3}$"))
    assert listing.locator("tbody tr").count() < 200


@pytest.mark.parametrize("width", [360, 390, 768])
def test_nothing_scrolls_sideways_but_tables_in_their_boxes(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_print_has_every_row_of_every_listing(page):
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    drawn = page.locator(".listing[data-rows='rows-treatments'] tbody tr").count()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert drawn == 20_000
    assert page.locator(".listing[data-rows='rows-treatments'] tbody tr").count() < 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(page, scheme):
    page.emulate_media(color_scheme=scheme)
    ratios = page.evaluate(CONTRAST)
    assert len(ratios) > 100
    assert min(ratios) >= 4.5


# Contrast of every element with text of its own against the nearest ground, as WCAG 2.2 defines it (1.4.3).
CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  return [...document.querySelectorAll('body *')]
    .filter((e) => !e.closest('svg, script, dialog') && e.offsetParent && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .map((e) => { const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))]; return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(page, scheme):
    page.emulate_media(color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    faults = [(one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in ("serious", "critical")]
    assert faults == []
