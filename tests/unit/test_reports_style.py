"""The colours of the page hold the contrasts of WCAG 2.2 AA, in light and in dark."""

import re

import pytest

from reports.html import stylesheet

TEXT, DRAWN = 4.5, 3.0
ROOTS = re.findall(r":root \{(.*?)\}", stylesheet(), re.S)
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#\w{6})", root)) for root in ROOTS)
MODES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_light_and_dark_name_the_same_colours():
    assert LIGHT.keys() == DARK.keys()
    assert len(LIGHT) == 28


@MODES
@pytest.mark.parametrize("behind", ["paper", "card"])
@pytest.mark.parametrize("name", ["ink", "muted", "link", "mark"])
def test_text_can_be_read(colours, name, behind):
    assert contrast(colours[name], colours[behind]) >= TEXT


@MODES
@pytest.mark.parametrize("name", [f"series-{i}" for i in range(1, 7)])
def test_curves_stand_out_from_the_page(colours, name):
    assert contrast(colours[name], colours["paper"]) >= DRAWN


@MODES
@pytest.mark.parametrize("edge", ["ink", "muted"])
def test_parts_of_a_bar_have_an_edge_that_stands_out(colours, edge):
    assert contrast(colours[edge], colours["paper"]) >= DRAWN


def test_grades_darken_as_they_worsen():
    light = [luminance(LIGHT[f"grade-{grade}"]) for grade in range(1, 6)]
    assert light == sorted(light, reverse=True)


@MODES
@pytest.mark.parametrize(("step", "text"), [*((i, "ink") for i in (1, 2, 3)), *((i, "paper") for i in (4, 5, 6))])
def test_numbers_on_a_heat_map_can_be_read(colours, step, text):
    assert contrast(colours[f"heat-{step}"], colours[text]) >= TEXT


@MODES
def test_a_heat_map_goes_one_way(colours):
    light = [luminance(colours[f"heat-{step}"]) for step in range(1, 7)]
    assert light in (sorted(light), sorted(light, reverse=True))


@MODES
@pytest.mark.parametrize(
    ("grade", "text"), [*((grade, "on-pale") for grade in ("1", "2", "3", "missing")), ("4", "on-deep"), ("5", "paper")]
)
def test_grades_in_the_bars_of_a_profile_can_be_read(colours, grade, text):
    assert contrast(colours[f"grade-{grade}"], colours[text]) >= TEXT


@MODES
def test_words_in_the_bars_of_support_can_be_read(colours):
    assert contrast(colours["heat-3"], colours["ink"]) >= TEXT
