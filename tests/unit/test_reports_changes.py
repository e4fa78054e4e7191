"""What the report says of changes since the previous cut."""

import json
import re
from functools import cache

import polars as pl

from reports.page import closed_report
from tests.unit.report_material import material, tables
from tests.unit.report_reading import section, text_of


def page(**compared: str) -> str:
    given = tables()
    given["compared"] = given["compared"].with_columns(**{name: pl.lit(text) for name, text in compared.items()})
    return closed_report(material(tables=given))


@cache
def first_cut() -> str:
    given = tables()
    nothing = {name: given[name].clear() for name in ("compared", "changes")}
    return closed_report(material(tables={**given, **nothing}))


def answer(html: str) -> str:
    return text_of(section(html, "summary").split("What changed since the last cut?")[1].split('class="answer"')[0])


def test_the_first_screen_answers_what_changed():
    said = "2 new episodes of CRS since the cut of 2026-03-31 Episodes of CRS: 2 new Highest grades of CRS: 1 changed"
    assert said in answer(page())


def test_what_was_only_followed_longer_is_no_change_on_the_first_screen():
    assert "Subjects: no change" in answer(page())


def test_the_first_cut_says_that_it_is_the_first():
    assert answer(first_cut()).startswith("This is the first cut.")
    assert "This is the first cut. There is no earlier one to compare it with." in text_of(section(first_cut(), "t10"))


def test_t10_counts_what_is_new_removed_changed_and_only_followed_longer():
    rows = re.findall(r'<th scope="row">([^<]*)</th>(.*?)</tr>', section(page(), "t10"))
    counts = {label: re.findall(r">([\d,]+)</td>", cells) for label, cells in rows}
    assert counts["Episodes of CRS"] == ["2", "0", "0", "0"]
    assert counts["Subjects"] == ["0", "0", "0", "118"]


def test_t10_lists_each_change_from_and_to():
    rows = json.loads(re.search(r'id="rows-changes">(.*?)</script>', page(), re.S)[1])
    assert rows[0] == ["Highest grade", "Changed", "P1", "Highest grade of CRS", "2", "3", None]


def test_another_version_of_the_program_is_said_and_the_same_is_not():
    caution = "That is another version of the program"
    assert caution in section(page(code_version="0.0.9"), "t10")
    assert caution not in section(page(), "t10")


def test_what_could_not_be_compared_is_named():
    assert "one of the two releases lacks it: adsl.dthprec." in section(page(left_out="adsl.dthprec"), "t10")
