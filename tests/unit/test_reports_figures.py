"""Figures draw what the ARD has, say it when pointed at, and say what cannot be drawn."""

import re
from functools import cache
from html import unescape

import polars as pl
import pytest

from reports.charts.biomarkers import biomarker_figure
from reports.charts.events import event_figure
from reports.charts.forest import risk_factor_figure
from reports.charts.heat import heat_figure
from reports.charts.stopping import stopping_figure
from reports.results import Results
from reports.section import Figure
from reports.words import percent
from tests.unit.report_ard import ard
from tests.unit.report_figures import board, event, fit, measured, of_figures
from tests.unit.report_material import levels
from tests.unit.report_people import people


def said(figure: Figure, panel: int = 0) -> list[str]:
    """What is said of the marks of a panel, each thing once."""
    found = re.findall(r'data-said="([^"]*)"', figure.panels[panel].svg)
    return [unescape(text) for text in dict.fromkeys(found)]


def texts(figure: Figure, panel: int = 0) -> list[str]:
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", figure.panels[panel].svg)]


def places(svg: str, mark: str, axis: int = 0) -> list[float]:
    """Where the points of a layer are, in pixels."""
    [layer] = re.findall(rf'<g class="[^"]*{mark}_[^>]*>(.*?)</g>', svg)
    return [float(at[axis]) for at in re.findall(r"translate\((-?[\d.]+),(-?[\d.]+)\)", layer)]


# --- heat map


@cache
def heat() -> Figure:
    figure = heat_figure(Results(ard(people()), levels()))
    assert figure is not None
    return figure


def test_every_cell_of_the_heat_map_prints_the_incidence_of_its_stratum():
    rows = ard(people()).filter(
        pl.col("analysis") == "incidence", pl.col("variable_level") == ">=3", pl.col("group3").is_not_null()
    )
    stats = rows.pivot("stat_name", index=["group1_level", "group2_level", "group3_level"], values="stat")
    expected = sorted(f"{percent(row['p'])} %" for row in stats.to_dicts() if row["N"])
    assert len(expected) == 10
    assert sorted(text for text in texts(heat(), 1) if text.endswith(" %")) == expected


def test_a_dose_at_which_nobody_of_one_burden_was_treated_has_a_dashed_cell():
    svg = heat().panels[0].svg
    assert [text for text in texts(heat()) if text == "–"] == ["–"] * 2
    assert len(re.findall(r'fill="var\(--paper\)"[^>]*stroke-dasharray="3,3"', svg)) == 2


def test_a_dose_at_which_nobody_was_treated_is_named_as_such():
    only_first = [person for person in people() if person.dose == "DL1"]
    figure = heat_figure(Results(ard(only_first), levels()))
    assert figure
    assert texts(figure).count("No subjects: DL2, DL3") == 2


def test_a_cell_says_stratum_share_and_limits():
    assert re.fullmatch(
        r"Therapy: CAR-T \(CD19\), Dose level: DL1, Tumour burden: Low · Any grade: "
        r"\d+ of \d+ \([\d.]+ %\), 95 % CI [\d.]+–[\d.]+ %",
        said(heat())[0],
    )


def test_a_cell_belongs_to_the_levels_it_is_crossed_of():
    [whose, *_] = re.findall(r'data-stratum="([^"]*)"', heat().panels[0].svg)
    assert whose.splitlines() == ["Therapy: CAR-T (CD19)", "Dose level: DL1", "Tumour burden: Low"]


def test_strata_that_are_not_crossed_have_no_heat_map():
    single = ard(people(12)).filter(pl.col("group2").is_null())
    assert heat_figure(Results(single, levels())) is None


# --- forest plot

AGE, SEX = "Age, per 10 years", "Sex: M against F"
FITS = [
    *fit("any", "logistic univariable", AGE, 2.0, 1.0, 4.0),
    *fit("any", "logistic multivariable", AGE, 1.0, 0.5, 2.0),
    *fit("any", "logistic univariable", SEX, None, None, None),
    *fit("any", "logistic univariable", "Dose level: DL2 against DL1", 9.0, 3.0, 900.0),
]


@cache
def forest() -> Figure:
    given = of_figures(FITS)
    figure = risk_factor_figure(given.results, given)
    assert figure is not None
    return figure


def test_estimates_lie_on_a_logarithmic_scale():
    one, two, nine = sorted(places(forest().panels[0].svg, "layer_2"))
    assert (nine - one) / (two - one) == pytest.approx(3.17, abs=0.05)


def test_each_estimate_is_printed_with_events_and_subjects():
    assert {"2.00 (1.00–4.00)", "1.00 (0.50–2.00)", "9.00 (3.00–900)"} <= set(texts(forest()))
    assert texts(forest()).count("10/40") == 3


def test_what_is_not_estimable_is_said_with_its_reason_and_not_drawn():
    assert texts(forest()).count("NE") == 1
    assert f"{SEX} · any grade, alone: not estimable, it is the same in all subjects" in said(forest())
    assert len(places(forest().panels[0].svg, "layer_2")) == 3


def test_a_limit_beyond_the_scale_ends_in_an_arrow():
    [arrow] = places(forest().panels[0].svg, "layer_3")
    assert arrow > max(places(forest().panels[0].svg, "layer_2"))


def test_a_comparison_of_a_level_belongs_to_its_stratum():
    assert set(re.findall(r'data-stratum="([^"]*)"', forest().panels[0].svg)) == {"Dose level: DL2"}


# --- biomarkers

CRP = [
    *measured("CRP", "none", 1, 8, median=5.0, q1=2.0, q3=10.0),
    *measured("CRP", "none", 7, 6, median="<1", q1="<1", q3=2.0),
    *measured("CRP", ">=3", 1, 3, median=50.0, q1=20.0, q3=100.0),
]


@cache
def biomarkers() -> Figure:
    figure = biomarker_figure(of_figures(CRP))
    assert figure is not None
    return figure


def test_a_biomarker_has_its_unit_on_the_axis_and_its_name_above():
    assert [panel.title for panel in biomarkers().panels] == ["C-reactive protein"]
    assert "mg/L" in texts(biomarkers())


def test_medians_and_quartiles_are_said_as_the_ard_has_them():
    assert "No CRS, day 1: median 5.00, quartiles 2.00 and 10.0, n = 8" in said(biomarkers())
    assert "No CRS, day 7: median <1, quartiles <1 and 2.00, n = 6" in said(biomarkers())


def test_a_median_below_the_limit_is_a_mark_at_the_limit_and_no_point():
    svg = biomarkers().panels[0].svg
    assert len(places(svg, "layer_3")) == 2
    [triangle] = places(svg, "layer_4", axis=1)
    assert triangle > max(places(svg, "layer_3", axis=1))
    assert "Limit of quantification: <1" in said(biomarkers())


def test_the_numbers_of_subjects_stand_under_the_curves():
    assert texts(biomarkers())[-3:] == ["8", "6", "3"]


def test_a_biomarker_that_was_0_is_drawn_on_a_linear_scale():
    zero = [*CRP, *measured("CRP", "2", 3, 4, median=1.0, q1=0.0, q3=2.0)]
    figure = biomarker_figure(of_figures(zero))
    assert figure
    assert "NaN" not in figure.panels[0].svg
    assert "20" in texts(figure)


# --- stopping boundary


@cache
def stopping() -> Figure:
    figure = stopping_figure(of_figures(board()))
    assert figure is not None
    return figure


def test_the_boundary_is_drawn_at_the_events_that_stop():
    boundary = [text for text in said(stopping()) if text.startswith("Boundary")]
    assert boundary[0] == "Boundary: stop at 2 or more events of 2 evaluated"
    assert boundary[-1] == "Boundary: stop at 13 or more events of 30 evaluated"


def test_each_cohort_says_where_it_stands():
    assert "2 events in 5 evaluated, boundary 4" in texts(stopping())
    assert {"3 events in 3 evaluated, boundary 3, crossed", "nobody evaluated"} <= set(texts(stopping(), 2))
    assert any(text.startswith("Dose level: DL2 · 3 events in 3 evaluated") for text in said(stopping(), 2))


def test_a_course_goes_through_every_evaluated_subject():
    [course] = re.findall(r'<path data-stratum="Dose level: DL2" d="([^"]*)"', stopping().panels[2].svg)
    # Up one event at each of the first three subjects.
    assert len({y for _, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", course)}) == 4


# --- adverse events


def two_arms(terms: int) -> Figure:
    rows = [row for i in range(terms) for row in event(f"Term {i:02}", {"A": 10, "B": 10 + i % 40}, i / 100)]
    figure = event_figure(of_figures(rows))
    assert figure is not None
    return figure


def test_two_arms_have_shares_and_differences_with_limits():
    figure = two_arms(3)
    assert [panel.title for panel in figure.panels] == ["Share of treated subjects: A, B", "Difference: B minus A"]
    assert "Term 02 · A: 10 of 50 (20.0 %)" in said(figure)
    assert "Term 02 · B minus A: 2.0 percentage points, 95 % CI -8.0–12.0, p 0.200" in said(figure, 1)


def test_no_more_than_thirty_terms_are_drawn_those_that_differ_most_and_it_is_said():
    figure = two_arms(40)
    names = [text for text in texts(figure, 1) if text.startswith("Term")]
    assert names == [f"Term {i:02}" for i in range(39, 9, -1)]
    assert "The 30 of 40 terms that differ most between arms" in figure.key


def test_one_arm_has_shares_alone_the_most_frequent_first():
    figure = event_figure(of_figures([*event("Rash", {"A": 5}), *event("Pyrexia", {"A": 25})]))
    assert figure
    assert [panel.title for panel in figure.panels] == ["Share of treated subjects: A"]
    assert [text for text in texts(figure) if text in ("Rash", "Pyrexia")] == ["Pyrexia", "Rash"]


# --- all of them


def all_of_them() -> tuple[Figure, ...]:
    return heat(), forest(), biomarkers(), stopping(), two_arms(3)


def test_a_study_without_the_analyses_has_none_of_these_figures():
    given = of_figures([])
    results = given.results
    drawn = [biomarker_figure(given), event_figure(given), stopping_figure(given), risk_factor_figure(results, given)]
    assert drawn == [None] * 4


def test_figures_take_their_colours_from_the_page():
    colours = {
        colour
        for figure in all_of_them()
        for panel in figure.panels
        for colour in re.findall(r'(?:fill|stroke)="([^"]*)"', panel.svg)
    }
    assert {colour for colour in colours if not colour.startswith("var(--")} <= {"none", "transparent"}


def test_names_that_are_markup_are_text_in_every_drawing():
    evil = '"><script aria-label="0">x</script>'
    renamed = [{**row, "variable_level": row["variable_level"].replace("Age", evil)} for row in FITS] + [
        *event(evil, {evil: 1, "B": 2}, 0.1)
    ]
    given = of_figures(renamed)
    figures = [risk_factor_figure(given.results, given), event_figure(given)]
    drawn = "".join(panel.svg for figure in figures if figure for panel in figure.panels)
    assert "<script" not in drawn
    assert "&lt;script" in drawn


def test_a_drawing_is_to_a_tenth_of_a_pixel_and_has_no_roles_inside():
    drawn = "".join(panel.svg for figure in all_of_them() for panel in figure.panels)
    inside = re.sub(r'viewBox="[^"]*"|opacity="[^"]*"|stroke-width="[^"]*"|data-[a-z]+="[^"]*"|>[^<]*<', "", drawn)
    assert re.findall(r"\d\.\d\d+", inside) == []
    assert "role=" not in drawn.replace("role-", "")
