import re
from functools import cache

import polars as pl
import pytest

from reports.charts.curves import onset_figure, resolution_figure
from reports.charts.incidence import incidence_figure
from reports.results import Results
from reports.section import Panel
from tests.unit.report_ard import ard
from tests.unit.report_material import levels
from tests.unit.report_people import Person, people


@cache
def results() -> Results:
    return Results(ard(people()), levels())


@cache
def onset() -> tuple[Panel, ...]:
    return onset_figure(results(), "TTCRS", "CRS of any grade").panels


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize("figure", [onset, lambda: resolution_figure(results()).panels])
def test_there_is_a_panel_for_all_subjects_and_for_each_variable(figure):
    titles = [panel.title for panel in figure()]
    assert titles == ["All treated subjects", "Therapy", "Dose level", "Tumour burden"]


def test_the_numbers_at_risk_of_each_level_stand_under_its_curve():
    rows = ard(people()).filter(
        (pl.col("analysis") == "onset_curve")
        & (pl.col("variable") == "TTCRS")
        & (pl.col("stat_name") == "at_risk")
        & (pl.col("group1") == "dose")
        & pl.col("variable_level").is_in([f"day {day}" for day in (0, 3, 7, 14, 21, 28)])
    )
    counts = [str(int(n)) for n in rows["stat"]]
    assert len(counts) == 18
    assert texts(onset()[2].svg)[-18:] == counts


def test_a_curve_is_drawn_for_every_level_and_its_competing_event():
    svg = onset()[2].svg
    assert len(re.findall(r'class="mark-line', svg)) == 6


def test_a_curve_ends_where_its_estimate_ends():
    until_day_7 = ard(people()).filter(
        (pl.col("analysis") != "onset_curve")
        | (pl.col("stat_name") == "at_risk")
        | (pl.col("variable_level").str.strip_prefix("day ").cast(pl.Float64, strict=False) <= 7)
    )
    whole, cut = (_reach(Results(rows, levels())) for rows in (ard(people()), until_day_7))
    assert cut == pytest.approx(whole / 4)


def _reach(found: Results) -> float:
    """How far to the right the first curve goes, in pixels."""
    svg = onset_figure(found, "TTCRS", "CRS").panels[0].svg
    [curve] = re.findall(r'class="mark-line[^>]*><path[^>]* d="([^"]*)"[^>]*stroke-width="2.25"', svg)
    return max(float(x) for x in re.findall(r"[ML](-?[\d.]+),", curve))


def test_the_panels_share_one_scale():
    tops = {max(int(text[:-1]) for text in texts(panel.svg) if text.endswith("%")) for panel in onset()}
    assert len(tops) == 1


def test_the_bars_name_every_stratum_with_its_size():
    names = [text for text in texts(incidence_figure(results()).panels[0].svg) if "N = " in text]
    assert names[0] == "All treated subjects (N = 120)"
    assert [name.split(" (N")[0] for name in names[1:]] == [
        "Therapy: CAR-T (CD19)",
        "Therapy: Bispecific (CD20xCD3)",
        "Dose level: DL1",
        "Dose level: DL2",
        "Dose level: DL3",
        "Tumour burden: Low",
        "Tumour burden: High",
    ]


def test_grades_that_are_unknown_have_a_colour_of_their_own_only_where_there_are_any():
    ungraded = Person(therapy="CAR-T (CD19)", dose="DL1", burden="Low", grade=None, onset=1.0, lasted=3.0)
    with_one = Results(ard([*people(12), ungraded]), levels())
    assert "grade unknown" in texts(incidence_figure(with_one).panels[0].svg)
    assert "grade unknown" not in texts(incidence_figure(results()).panels[0].svg)


def test_drawings_take_their_colours_from_the_page():
    panels = (*incidence_figure(results()).panels, *onset(), *resolution_figure(results()).panels)
    colours = {colour for panel in panels for colour in re.findall(r'(?:fill|stroke)="([^"]*)"', panel.svg)}
    assert {colour for colour in colours if not colour.startswith("var(--")} <= {"none", "transparent"}


def test_drawings_have_no_size_of_their_own():
    assert all(" width=" not in panel.svg.split(">")[0] for panel in onset())


def test_a_study_without_subjects_has_drawings_without_marks():
    nobody = Results(ard([]), levels())
    figures = (incidence_figure(nobody), onset_figure(nobody, "TTCRS3", "CRS"), resolution_figure(nobody))
    assert [len(figure.panels) for figure in figures] == [2, 4, 4]


def test_a_curve_says_incidence_limits_and_numbers_at_risk_at_the_days_of_the_table():
    said = re.findall(r'data-said="([^"]*)"', onset()[2].svg)
    assert len(said) == 15
    assert re.fullmatch(r"Dose level: DL1 · by day 3: [\d.]+ %, 95 % CI [\d.]+–[\d.]+ %, \d+ at risk", said[0])


def test_a_bar_says_stratum_grade_and_share():
    said = re.findall(r'data-said="([^"]*)"', incidence_figure(results()).panels[0].svg)
    assert any(re.match(r"Tumour burden: High · Grade 3: \d+ of \d+ \([\d.]+ %\), 95 % CI", text) for text in said)


def test_curves_and_their_names_belong_to_their_stratum():
    whose = re.findall(r'data-stratum="([^"]*)"', onset()[1].svg)
    assert set(whose) == {"Therapy: CAR-T (CD19)", "Therapy: Bispecific (CD20xCD3)"}
