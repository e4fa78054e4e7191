"""Studies out of the ordinary: without CRS, without subjects, without levels, pooled, and hostile."""

import re

import polars as pl
import pytest

from reports import notes
from reports.page import closed_report
from reports.results import MissingResult
from tests.unit.report_ard import ard
from tests.unit.report_material import material, tables
from tests.unit.report_people import Person, people
from tests.unit.report_reading import section, text_of

TWELVE = people(12)


def test_a_study_without_crs_says_so_plainly():
    html = closed_report(material(people(12, incidence=0)))
    assert "No treated subject had CRS: 12 of 12." not in text_of(html)
    assert "No treated subject had CRS: 0 of 12." in text_of(html)
    assert html.count('<p class="headline">no CRS</p>') == 3


def test_a_study_in_which_nobody_was_treated_says_so_plainly():
    html = closed_report(material([]))
    assert "No subject was treated, so there is nothing to report." in text_of(html)


def test_a_stratum_without_subjects_is_printed_with_a_dash_for_its_share():
    rows = re.findall(r'<tr[^>]*><th scope="row">DL3 · Low</th>(.*?)</tr>', section(closed_report(material()), "t1"))
    cells = [[text_of(cell) for cell in re.findall(r"<td>(.*?)</td>", row)] for row in rows]
    assert cells == [["0", "–", "NE", "–", "–", "–", "–", "–", "–", "–", "NE"]] * 2


def test_the_level_missing_is_shown_with_a_note():
    unknown = Person(therapy="Missing", dose="DL1", burden="Low", grade=2, onset=1.0, lasted=3.0)
    html = section(closed_report(material([*TWELVE, unknown])), "t1")
    assert '<th scope="row">Missing</th>' in html
    assert "Missing: the level is not recorded" in html


def test_nothing_is_said_of_missing_levels_where_there_are_none():
    assert "Missing" not in closed_report(material(TWELVE))


def test_crs_without_a_grade_has_a_column_and_a_note():
    ungraded = Person(therapy="CAR-T (CD19)", dose="DL1", burden="Low", grade=None, onset=1.0, lasted=3.0)
    html = section(closed_report(material([*TWELVE, ungraded])), "t1")
    assert "Grade unknown <small>" in html
    assert "Grade unknown: CRS whose grade is not recorded" in html


def test_dose_levels_that_are_steps_are_explained():
    settings = tables()["settings"].with_columns(
        value=pl.when(pl.col("key") == "dose.by").then(pl.lit("dose_number")).otherwise("value")
    )
    html = closed_report(material(TWELVE, tables={**tables(), "settings": settings}))
    assert "Dose levels are steps: a subject counts in every level received" in html


@pytest.mark.parametrize(
    ("studies", "values", "said"),
    [(["S1", "S2"], ["7", "7"], "7"), (["S1", "S2"], ["7", "14"], "7 (S1), 14 (S2)"), (["S2"], ["7"], "7 (S2)")],
)
def test_a_setting_is_said_once_unless_pooled_studies_differ_in_it(studies, values, said):
    other = pl.DataFrame({"studyid": ["S1", "S2"], "key": ["study"] * 2, "value": ["S1", "S2"]})
    gap = pl.DataFrame({"studyid": studies, "key": ["grading.episode_gap_days"] * len(values), "value": values})
    given = material(TWELVE, tables={**tables(), "settings": pl.concat([other, gap])})
    assert (
        notes.in_force(given, ["grading.episode_gap_days"], "In force")
        == f"In force: grading.episode_gap_days = {said}."
    )


def test_text_that_is_markup_is_printed_as_text():
    evil = "<script>alert(1)</script>"
    html = closed_report(material(TWELVE, title=evil, ard=_renamed(evil), tables=_with_level(evil)))
    assert evil not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 10


def _renamed(name: str) -> pl.DataFrame:
    level = pl.col("group1_level")
    return ard(TWELVE).with_columns(group1_level=pl.when(level == "CAR-T (CD19)").then(pl.lit(name)).otherwise(level))


def _with_level(name: str) -> dict[str, pl.DataFrame]:
    level = pl.DataFrame({"group": ["therapy"], "level": [name], "position": [9]}, schema=tables()["levels"].schema)
    return {**tables(), "levels": pl.concat([tables()["levels"], level])}


def test_levels_stand_in_the_order_of_the_study_whatever_the_order_of_the_rows():
    shuffled = ard(TWELVE).sample(fraction=1, shuffle=True, seed=3)
    assert closed_report(material(TWELVE, ard=shuffled)) == closed_report(material(TWELVE))


def test_a_number_that_the_ard_lacks_is_named():
    lacking = ard(TWELVE).filter(pl.col("variable_level") != "fatal")
    with pytest.raises(MissingResult, match="ARD: no row for outcome, outcome, fatal, stratum overall, split any"):
        closed_report(material(TWELVE, ard=lacking))


def test_what_did_not_happen_is_printed_as_none():
    empty = {
        name: frame.clear() if name in ("quarantine", "queries", "findings") else frame
        for name, frame in tables().items()
    }
    html = closed_report(material(TWELVE, tables=empty))
    assert section(html, "t9").count(">None.</td>") == 3
    assert "no rule was tried" in html
