"""What the open report hides, and that nobody can have it by subtraction."""

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.blinding.hiding import hidden_of_whole, hidden_parts
from pipelines.blinding.results import GRADES, HIDDEN, SUMS, open_results
from reports.opened.page import open_report
from tests.unit.report_ard import ard
from tests.unit.report_material import material, tables
from tests.unit.report_people import people

ATOMS = ("none", *GRADES)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"a": 10, "b": 20}, ""),
        ({"a": 0, "b": 20}, ""),
        ({"a": 4, "b": 20}, "ab"),
        ({"a": 4, "b": 20, "c": 7}, "ac"),
        ({"a": 2, "b": 4, "c": 7}, "ab"),
        ({"a": 1, "b": 2, "c": 7, "d": 0}, "abc"),
        ({"a": 4, "b": 0}, "ab"),
        ({"a": 5, "b": 5}, ""),
    ],
    ids=[
        "none small",
        "zero is told",
        "another",
        "the smallest other",
        "two",
        "together small",
        "a zero",
        "at the minimum",
    ],
)
def test_small_parts_are_hidden_and_as_many_others_as_it_takes(parts, expected):
    assert "".join(sorted(hidden_parts(parts, 5))) == expected


@pytest.mark.parametrize("minimum", [0, 1])
def test_a_minimum_of_one_hides_nothing(minimum):
    assert hidden_parts({"a": 1, "b": 2}, minimum) == frozenset()


@given(st.lists(st.integers(0, 4), min_size=len(ATOMS), max_size=len(ATOMS)), st.integers(2, 5))
def test_whoever_knows_all_that_is_told_cannot_tell_a_small_count(found, minimum):
    parts = dict(zip(ATOMS, found, strict=True))
    assume(sum(found) == 0 or sum(found) >= minimum)
    hidden = hidden_of_whole(parts, SUMS, minimum, frozenset())
    sums = {name: (of, sum(parts[part] for part in of)) for name, of in SUMS if name not in hidden}
    told = [*(count for _, count in sums.values()), *(parts[part] for part in ATOMS if part not in hidden)]
    assert not [count for count in told if 0 < count < minimum]
    free = [part for part in ATOMS if part in hidden]
    assume(sum(parts[part] for part in free) <= 12)
    worlds = [parts | dict(zip(free, filled, strict=True)) for filled in fillings(free, parts)]
    worlds = [one for one in worlds if all(sum(one[part] for part in of) == count for of, count in sums.values())]
    known = [part for part in free if len({one[part] for one in worlds}) == 1]
    assert [part for part in known if 0 < parts[part] < minimum] == []


def fillings(free, parts):
    """Every way to share out what the hidden parts have together."""
    left = sum(parts[part] for part in free)
    return shares(left, len(free))


def shares(left, places):
    if places <= 1:
        return [(left,) * places]
    return [(first, *rest) for first in range(left + 1) for rest in shares(left - first, places - 1)]


def opened(subjects=None, minimum=5):
    found = open_results(ard(people() if subjects is None else subjects), minimum)
    given_tables = {
        "ingested": tables()["ingested"].select(pl.col("rows_in", "rows_kept", "rows_quarantined").sum()),
        "findings": tables()["findings"].select("passed"),
        "queries": tables()["queries"].select(pl.col("n").sum()),
        "open": pl.DataFrame({"minimum_cell": [minimum]}),
        "levels": tables()["levels"].clear(),
    }
    return material(ard=found, tables=given_tables, listings={}, cases={}, behind=lambda _: {}, title="")


def test_no_row_of_a_stratum_or_a_subject_is_left():
    rows = opened().ard
    assert rows.select("group1", "group2", "group3").null_count().row(0) == (rows.height,) * 3
    assert rows["subjects_sql"].null_count() == rows.height
    assert "SUBJ" not in open_report(opened())


def test_a_hidden_number_has_no_value_left():
    rows = opened().ard
    hidden = rows.filter(pl.col("stat_text") == HIDDEN)
    assert hidden.height > 0
    assert hidden["stat"].null_count() == hidden.height


def test_whoever_got_which_treatment_makes_no_difference_to_a_byte():
    some = people()
    turned = [*some[1:], some[0]]
    mixed = [one.__class__(**{**vars(one), **whose(other)}) for one, other in zip(some, turned, strict=True)]
    assert mixed != some
    assert open_report(opened(mixed)) == open_report(opened(some))


def whose(person) -> dict:
    return {name: value for name, value in vars(person).items() if name in ("therapy", "dose", "burden")}


def test_the_page_has_no_script_and_says_for_whom_it_is():
    page = open_report(opened())
    assert "<script" not in page
    assert "script-src 'none'" in page
    assert "Open report" in page
    assert "Closed report" not in page


@pytest.mark.parametrize("subjects", [[], people()[:1], people()[:3]], ids=["nobody", "one", "three"])
def test_few_subjects_are_a_page_all_the_same(subjects):
    assert "hidden" in open_report(opened(subjects)) or not subjects
