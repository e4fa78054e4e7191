"""Figures of the closed report in a browser: marks say what they are, and one stratum is shown everywhere."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

F1 = "#t1 figure >> nth=0"
TIP = "#said"
DOSE = "Dose level: DL2"


def test_pointing_at_a_mark_says_what_it_is_until_the_pointer_leaves(page):
    mark = page.locator(f"{F1} >> [data-said] >> nth=0")
    mark.hover()
    assert page.locator(TIP).inner_text() == mark.get_attribute("data-said")
    page.locator("h1").hover()
    assert page.locator(TIP).is_hidden()


def test_arrows_go_from_mark_to_mark_and_each_drawing_is_one_stop(page):
    drawing = page.locator(f"{F1} >> [role=img] >> nth=1")
    drawing.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    said = drawing.locator("[data-said]").evaluate_all("all => [...new Set(all.map((one) => one.dataset.said))]")
    assert page.locator(TIP).inner_text() == said[1]
    assert page.locator("figure svg [tabindex]").count() == 0


def test_choosing_a_stratum_shows_it_in_every_figure_and_table(page):
    page.locator(f"{F1} >> .chips button", has_text=DOSE).click()
    chosen = page.locator("svg .chosen")
    assert all(
        DOSE in text.splitlines() for text in chosen.evaluate_all("all => all.map((one) => one.dataset.stratum)")
    )
    assert page.locator("figure:has(svg .chosen)").count() == page.locator("figure:has([data-stratum])").count()
    assert page.locator("#t1 tr.chosen, #t2 tr.chosen, #t3 tr.chosen").count() > 3
    assert page.locator(".chips [aria-pressed=true]").all_text_contents() == [DOSE] * page.locator(".chips").count()


@pytest.mark.parametrize("undo", ["again", "Escape"])
def test_a_stratum_is_let_go_again(page, undo):
    chip = page.locator(f"{F1} >> .chips button", has_text=DOSE)
    chip.click()
    chip.click() if undo == "again" else page.keyboard.press(undo)
    assert page.locator(".chosen, .choosing, [aria-pressed=true]").count() == 0


def test_clicking_a_cell_of_the_heat_map_chooses_the_strata_it_is_crossed_of(page):
    page.locator("#t1 figure >> nth=1 >> [data-stratum] >> nth=0").click()
    assert page.locator(".chips >> nth=1 >> [aria-pressed=true]").count() == 3
    # No bar is of all three, so the bars stay as they are.
    assert page.locator(f"{F1} >> .choosing").count() == 0


def test_print_has_neither_chips_nor_words_at_the_pointer_and_nothing_faint(page):
    see = "all => all.map((one) => getComputedStyle(one).opacity)"
    before = page.locator("svg [data-stratum]").evaluate_all(see)
    page.locator(f"{F1} >> .chips button", has_text=DOSE).click()
    page.locator(f"{F1} >> [data-said] >> nth=0").hover()
    assert page.locator("svg [data-stratum]").evaluate_all(see) != before
    page.emulate_media(media="print")
    assert page.locator(TIP).is_hidden()
    assert page.locator(".chips").first.is_hidden()
    page.locator(F1).click(position={"x": 1, "y": 1})
    assert page.locator("svg [data-stratum]").evaluate_all(see) == before


def test_figures_and_the_words_at_the_pointer_stay_within_a_narrow_screen(page):
    page.set_viewport_size({"width": 360, "height": 740})
    for mark in page.locator(f"{F1} >> [data-said]").all()[:12]:
        mark.hover(force=True)
        box = page.locator(TIP).bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.said == []
