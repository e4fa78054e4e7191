"""Narratives of single subjects: each branch as rows and the sentence they become, and every figure from the rows."""

import json
import re
from dataclasses import asdict, replace
from decimal import Decimal
from itertools import pairwise

import polars as pl
import pytest

from reports.cases import cases
from reports.moments import moments
from reports.narratives import afterwards, crs, narrative, treatment, who
from reports.page import closed_report
from reports.paper.sheets import sheets
from reports.profiles import profile
from reports.sections.cases import SECTION
from reports.words import rounded
from tests.unit.report_cases import (
    DIFFERENCE,
    DISCORDANT,
    EPISODE,
    FATAL,
    FEVER,
    ICANS,
    NOTHING,
    PERSON,
    TOCILIZUMAB,
    VASOPRESSOR,
    tables_of,
)
from tests.unit.report_material import material
from tests.unit.report_reading import section, text_of


def test_cases_are_read_from_their_tables_as_they_are():
    assert cases(material()) == (FATAL, DISCORDANT, NOTHING)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            "a 58-year-old man with large B-cell lymphoma received CAR-T (CD19) (0.947 10^6/kg) on 2026-02-27 14:24; dose level DL2",
        ),
        ({"age": 8.0, "sex": "F"}, "an 8-year-old girl with"),
        ({"age": 18.0}, "an 18-year-old man with"),
        ({"age": 81.0, "sex": "F"}, "an 81-year-old woman with"),
        ({"age": 11.0}, "an 11-year-old boy with"),
        ({"age": 0.5}, "a 0.5-year-old boy with"),
        ({"age": None}, "a man with"),
        ({"sex": "U"}, "a 58-year-old subject with"),
        ({"indication": "ALL"}, "a 58-year-old man with ALL received"),
        ({"indication": None}, "a 58-year-old man received"),
        ({"doses": 5}, "received the first of 5 doses of CAR-T (CD19) (0.947 10^6/kg)"),
        ({"therapy": None, "dose": None}, "received study treatment on 2026-02-27"),
        ({"dosed": None, "dose_level": None}, "(0.947 10^6/kg) on an unknown date"),
    ],
)
def test_the_first_sentence_tells_who_was_treated_with_what(changes, said):
    assert said in who(replace(PERSON, **changes))[0]


def test_what_is_not_recorded_of_a_subject_is_said():
    assert who(replace(PERSON, sex="U", tumour_burden=None))[-1] == "not recorded: sex and tumour burden"
    assert "not recorded" not in " ".join(who(PERSON))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": "resolved"}, "it resolved on 2026-03-07 02:33, after 4.0 days"),
        ({"outcome": "resolved with sequelae"}, "it resolved with sequelae on 2026-03-07 02:33, after 4.0 days"),
        ({"outcome": "ongoing"}, "it had not ended when last known, on 2026-03-07 02:33, after 4.0 days"),
        ({"outcome": "fatal"}, "it was fatal, on 2026-03-07 02:33, after 4.0 days"),
        ({"outcome": "unknown"}, "how it ended is not recorded; it was last known on 2026-03-07 02:33, after 4.0 days"),
        ({"outcome": "resolved", "duration_days": None}, "it resolved on 2026-03-07 02:33"),
        ({"grade": 4}, "the investigator's grade was 4 (ASTCT 2019), first reached on 2026-03-07 02:33 (day 7.5)"),
        ({}, "the investigator's grade was 5 (ASTCT 2019)"),
        (
            {"grade": None, "grade_min": 1, "grade_max": 4, "why_no_grade": "AETOXGR is empty"},
            "it has no grade (AETOXGR is empty); the records allow grades 1 to 4",
        ),
        ({"began": "2026-03-03", "day": 4.0}, "as the investigator recorded it, CRS began on 2026-03-03 (day 4)"),
        ({"began": "2026-03", "day": None}, "as the investigator recorded it, CRS began on 2026-03"),
    ],
)
def test_an_episode_becomes_sentences(changes, said):
    assert said in list(crs(replace(FATAL, episodes=(replace(EPISODE, **changes),))))


def test_several_episodes_are_counted_and_told_one_by_one():
    twice = (EPISODE, replace(EPISODE, episode=2, dose_number=3))
    said = list(crs(replace(FATAL, person=replace(PERSON, doses=5), episodes=twice)))
    assert said[0] == "as the investigator recorded it, there were 2 episodes of CRS"
    assert "the second episode began on 2026-03-03 02:35 (day 3.5), after dose 3" in said


def test_derived_grades_are_not_called_the_investigators():
    said = " ".join(crs(replace(FATAL, person=replace(PERSON, source="derived"), grades=FATAL.grades[::-1])))
    assert "by the signs, CRS began" in said
    assert "the derived grade was 5" in said
    assert "reported by the investigator, the highest grade is 5 on the same scale" in said
    assert "investigator's grade" not in said


def test_the_worst_signs_stand_with_value_unit_and_moment():
    said = list(crs(FATAL))
    assert "at worst: temperature 39.6 °C on 2026-03-05 06:26 (day 5.7)" in said
    assert "highest values: interleukin-6 >5,000 pg/mL (after tocilizumab) on 2026-03-05 06:26 (day 5.7)" in said


def test_what_was_not_measured_in_an_episode_is_said():
    said = list(crs(replace(FATAL, extremes=(FEVER,))))
    lacking = "systolic blood pressure, oxygen saturation, ferritin, C-reactive protein and interleukin-6"
    assert f"not recorded in the episode: {lacking}" in said


def test_a_discordance_is_told_with_both_grades():
    said = list(crs(DISCORDANT))
    assert "The reported grade is above the one the signs give: reported 3, derived 2 (ASTCT 2019)" in said
    none = replace(DISCORDANT, differing=(replace(DIFFERENCE, reported_grade=0, derived_grade=None),))
    assert any(one.endswith("reported no CRS, derived no grade (ASTCT 2019)") for one in crs(none))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([TOCILIZUMAB], "tocilizumab 8 mg/kg was given on 2026-03-03 03:35 (day 3.5)"),
        ([TOCILIZUMAB, replace(TOCILIZUMAB, began="2026-03-04", day=5.0)], "(day 3.5) and 2026-03-04 (day 5)"),
        (
            [TOCILIZUMAB] * 4,
            "2026-03-03 03:35 (day 3.5), 2026-03-03 03:35 (day 3.5), 2026-03-03 03:35 (day 3.5) and later again",
        ),
        ([VASOPRESSOR], "norepinephrine 21 ug/min was started on 2026-03-05 02:39 (day 5.5)"),
        ([replace(TOCILIZUMAB, treatment="icu", name=None, dose=None)], "intensive care was started on"),
        (
            [replace(TOCILIZUMAB, occasion="before the first dose")],
            "tocilizumab 8 mg/kg was given before the first dose, on",
        ),
        ([replace(TOCILIZUMAB, occasion="before onset")], "tocilizumab 8 mg/kg was given before onset, on 2026"),
        ([TOCILIZUMAB], "not recorded during CRS: corticosteroids, vasopressors and respiratory support"),
    ],
)
def test_a_treatment_becomes_a_sentence(given, said):
    assert said in ". ".join(treatment(replace(FATAL, given=tuple(given))))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (FATAL, "the subject died on 2026-03-07 02:33 (day 7.5). cause of death in DD: CYTOKINE RELEASE SYNDROME"),
        (replace(FATAL, person=replace(PERSON, cause=None)), "no cause of death is recorded in DD"),
        (NOTHING, "the subject died on an unknown date"),
        (DISCORDANT, "the subject was last known alive on 2026-03-07"),
        (FATAL, "no ICANS is recorded"),
        (replace(FATAL, other=(ICANS,)), "ICANS of grade 2 was reported, first on 2026-03-05 (day 6)"),
        (replace(FATAL, other=(replace(ICANS, grade=None),)), "ICANS without a grade was reported"),
        (replace(FATAL, other=(replace(ICANS, source="derived"),)), "ICANS of grade 2 follows from the assessments"),
        (replace(FATAL, other=(replace(ICANS, grade=0, source="derived"),)), "no ICANS is recorded"),
    ],
)
def test_the_end_of_the_course_is_told(case, said):
    assert said in ". ".join(afterwards(case))


def test_a_subject_of_whom_nothing_is_recorded_has_a_true_narrative():
    assert narrative(NOTHING) == (
        (
            "A subject received study treatment on an unknown date. "
            "Not recorded: age, sex, disease, therapy, dose level and tumour burden."
        ),
        "The investigator reported no CRS.",
        "No ICANS is recorded. The subject died on an unknown date. No cause of death is recorded in DD.",
    )
    assert profile(NOTHING)["ends"] == []


@pytest.mark.parametrize("case", [FATAL, DISCORDANT, replace(FATAL, other=(ICANS,))])
def test_every_figure_of_a_narrative_stands_in_its_tables(case):
    told = " ".join(narrative(case)).replace(",", "").replace("interleukin-6", "")
    assert set(_figures(told)) <= _known(case)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


def _known(case) -> set[str]:
    """Every figure in the rows of a case: as it is, and rounded as reports round."""
    values = json.loads(json.dumps(asdict(case)))
    texts, numbers = [], []
    waiting = [values]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            texts.append(one)
        elif isinstance(one, int | float) and not isinstance(one, bool):
            numbers.append(one)
    written = {rounded(float(number), places) for number in numbers for places in (0, 1, 2, 3)}
    exact = {f"{Decimal(repr(number)).normalize():f}" for number in numbers}
    return {figure for text in texts for figure in _figures(text)} | written | exact


def test_moments_are_in_the_order_of_time():
    found = [float(day) for day, _, _ in moments(FATAL) if day]
    assert found == sorted(found)
    assert ("7.5", "2026-03-07 02:33", "Death") in moments(FATAL)


def test_a_profile_has_its_lanes_with_what_decides_first():
    lanes = profile(FATAL)["lanes"]
    assert [lane["name"] for lane in lanes[:3]] == [
        "Reported grade, ASTCT 2019",
        "Derived grade, ASTCT 2019",
        "Temperature, °C",
    ]
    assert lanes[-1] == {"name": "Derived grade, Lee 2014", "bars": [[3.51, 7.51, None]], "kind": "small"}
    assert next(lane for lane in lanes if lane["name"].startswith("Temp"))["points"] == [
        [0.5, 36.8, 0, ""],
        [5.67, 39.6, 1, ""],
    ]


def test_hostile_text_is_shown_and_not_obeyed():
    hostile = "</script><img src=x onerror=alert(1)>"
    evil = replace(
        FATAL,
        person=replace(PERSON, usubjid=hostile, indication=hostile, cause=hostile),
        given=(replace(TOCILIZUMAB, name=hostile),),
        evidence=(replace(FATAL.evidence[0], value=hostile),),
    )
    assert "<img" not in closed_report(material(cases=tables_of([evil])))


def test_narratives_are_printed_on_paper_too():
    [sheet] = sheets(material(), [SECTION])
    assert sheet.is_listing
    assert sheet.number == "Listing B1"
    assert [row.stub for row in sheet.table.bodies[0].rows] == ["P1", "P3", "P2"]


def test_a_report_that_carries_only_some_cases_says_so():
    many = replace(FATAL, person=replace(PERSON, of_all=1234))
    said = text_of(section(closed_report(material(cases=tables_of([many]))), "cases"))
    assert "The 1 worst of 1,234 cases; the others are in L1 to L4." in said


def test_the_swimmer_plot_says_how_many_lines_it_leaves_out_and_what_goes_on():
    said = section(closed_report(material()), "cases")
    assert "The 2 worst of 61 subjects with CRS" in said
    assert 'data-said="P3: CRS without a grade, day 4.0 not ended by day 90.0"' in said
    assert 'data-said="P1: died, day 7.5"' in said


def test_marks_of_treatments_begun_together_stand_side_by_side():
    given = ("oxygen", "corticosteroids", "ventilation")
    rows = {"line": [1, 1, 1], "name": [None] * 3, "from_day": [3.6] * 3, "treatment": given}
    said = section(closed_report(material(cases={**tables_of(), "line_treatments": pl.DataFrame(rows)})), "cases")
    places = [float(x) for x in re.findall(r'data-said="P1: [^"]*day 3.6" transform="translate\(([\d.]+)', said)]
    assert len(places) == 3
    assert all(right - left > 8 for left, right in pairwise(sorted(places)))


def test_without_cases_the_section_says_none():
    assert text_of(section(closed_report(material(cases=tables_of([]))), "cases")).count("None.") == 1
