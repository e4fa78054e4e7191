import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import words
from reports.phrases import estimate, plain, say, span, subjects
from reports.results import Cell
from reports.words import count, days, p_value, percent, plural, rounded, written


def cells(**stats):
    """Results by name: a number, or the text in its place."""
    return {
        name: Cell(
            cell_id=name,
            stat=None if isinstance(stat, str) else stat,
            stat_text=stat if isinstance(stat, str) else None,
            method="",
            warning=None,
        )
        for name, stat in stats.items()
    }


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(63.125, 2, "63.13"), (0.5, 0, "1"), (-0.5, 0, "-1"), (2.5, 0, "3"), (1.005, 2, "1.01"), (-0.04, 1, "0.0")],
)
def test_halves_are_rounded_away_from_zero(value, places, text):
    assert rounded(value, places) == text


@given(st.decimals(-10000, 10000, places=3), st.integers(0, 2))
def test_rounding_is_never_off_by_more_than_half_a_unit(value, places):
    assert abs(Decimal(rounded(float(value), places)) - value) <= Decimal(5).scaleb(-places - 1)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0.0"),
        (1, "100.0"),
        (0.0625, "6.3"),
        (57 / 200, "28.5"),
        (0.0001, "<0.1"),
        (0.9999, ">99.9"),
        (1 / 3, "33.3"),
    ],
)
def test_a_percentage_is_0_or_100_only_when_it_is(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (999, "999"), (12034.0, "12,034")])
def test_a_count_has_no_decimals(value, text):
    assert count(value) == text


def test_a_count_that_is_not_whole_is_refused():
    with pytest.raises(ValueError, match=r"2\.5 cannot be a count, for it is not whole; print it in another style\."):
        count(2.5)


@pytest.mark.parametrize(("p", "text"), [(0.0004, "<0.001"), (0.001, "0.001"), (0.0405, "0.041"), (1.0, "1.000")])
def test_a_p_value_has_three_decimals_and_a_floor(p, text):
    assert p_value(p) == text


@pytest.mark.parametrize(("n", "noun"), [(0, "queries"), (1, "query"), (2, "queries")])
def test_a_noun_agrees_with_its_number(n, noun):
    assert plural(n, "query", "queries") == noun


def test_days_have_one_decimal():
    assert days(2.25) == "2.3"


@pytest.mark.parametrize(("text", "shown"), [("NR", "NR"), (None, "NE")])
def test_where_there_is_no_number_its_text_is_printed(text, shown):
    assert written(None, text, "days") == shown


def test_a_phrase_says_the_results_in_their_styles():
    said = say("{n:count} of {N:count} ({p:percent} %)", cells(n=9, N=24, p=0.375))
    assert plain(said) == "9 of 24 (37.5 %)"


@pytest.mark.parametrize(
    ("n", "size", "p", "text"),
    [(3, 8, 0.375, "3 (37.5)"), (0, 8, 0.0, "0"), (0, 0, "NE", "–")],
)
def test_subjects_are_a_number_and_a_share_of_somebody(n, size, p, text):
    assert plain(subjects(cells(n=n, N=size, p=p))) == text


@pytest.mark.parametrize(
    ("low", "high", "text"), [(1.0, 3.5, "1.0–3.5"), (1.0, "NR", "1.0–NR"), ("NR", "NR", "NR"), ("NE", "NE", "NE")]
)
def test_a_span_says_once_that_it_has_no_limits(low, high, text):
    assert plain(span(cells(ci_low=low, ci_high=high), "days")) == text


@pytest.mark.parametrize(
    ("middle", "low", "high", "text"),
    [(2.0, 1.0, 3.5, "2.0\n(1.0–3.5)"), ("NR", 1.0, "NR", "NR\n(1.0–NR)"), ("NE", "NE", "NE", "NE")],
)
def test_an_estimate_has_its_limits_under_it(middle, low, high, text):
    assert plain(estimate(cells(median=middle, ci_low=low, ci_high=high), "median", "days")) == text


def test_the_examples_in_the_documentation_hold():
    assert doctest.testmod(words).failed == 0
