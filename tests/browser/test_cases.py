"""Cases of the closed report in a browser: a profile is drawn when its case is opened, and on paper."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

FIRST = ".case >> nth=0"
LANES = f"{FIRST} >> svg .lane"


def test_a_case_opens_by_mouse_with_its_lanes(page):
    page.locator(f"{FIRST} >> summary >> nth=0").click()
    names = page.locator(LANES).all_text_contents()
    assert names[:3] == ["Reported grade, ASTCT 2019", "Derived grade, ASTCT 2019", "Temperature, °C"]
    assert {"Tocilizumab", "Respiratory support", "Interleukin-6, pg/mL", "died, day 7.5"} <= set(names)
    assert page.said == []


def test_a_case_opens_by_keyboard_and_arrows_tell_its_marks(page):
    page.locator(f"{FIRST} >> summary >> nth=0").focus()
    page.keyboard.press("Enter")
    drawing = page.locator(f"{FIRST} >> [role=img]")
    drawing.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#said").inner_text() == "Reported grade, ASTCT 2019: grade 4, day 3.51 to 7.51"


def test_marks_are_as_many_as_records_and_two_vasopressors_do_not_hide_each_other(page):
    page.locator(f"{FIRST} >> summary >> nth=0").click()
    assert page.locator(f"{FIRST} >> svg circle").count() == 3
    boxes = page.locator(f"{FIRST} >> svg [data-said^=Vasopressors]").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().top)"
    )
    assert len(set(boxes)) == 2


def test_what_has_no_record_says_so(page):
    page.locator(f"{FIRST} >> summary >> nth=0").click()
    assert "Fluid boluses: none recorded" in page.locator(LANES).all_text_contents()


def test_on_a_phone_an_open_case_does_not_scroll_sideways(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator(f"{FIRST} >> summary >> nth=0").click()
    page.locator(f"{FIRST} >> .moments >> summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_paper_every_case_has_its_profile_and_its_text(page):
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".case svg").count() == page.locator(".case").count() == 3
    assert page.locator(f"{FIRST} >> .told").is_visible()
    assert page.locator(f"{FIRST} >> .moments table >> nth=0").is_visible()
