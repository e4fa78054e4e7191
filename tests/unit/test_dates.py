from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

from pipelines.dates import _bounds, bounds, end_of, is_date, start_of
from pipelines.plain_dates import plain_bounds

SCHEMA = {"first": pl.Int64, "last": pl.Int64, "precision": pl.String}
NOTHING = (None, None, None)


def seconds(text: str | None) -> int | None:
    return None if text is None else int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def allowed(first: str | None, last: str | None, precision: str | None) -> pl.DataFrame:
    return pl.DataFrame([(seconds(first), seconds(last), precision)], schema=SCHEMA, orient="row")


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2026", "2026-01-01T00:00:00", "2026-12-31T23:59:59", "Y"),
        ("2026-03", "2026-03-01T00:00:00", "2026-03-31T23:59:59", "M"),
        ("2024-02", "2024-02-01T00:00:00", "2024-02-29T23:59:59", "M"),
        ("2026-12", "2026-12-01T00:00:00", "2026-12-31T23:59:59", "M"),
        ("2026-03-15", "2026-03-15T00:00:00", "2026-03-15T23:59:59", "D"),
        ("2026-03-15T14", "2026-03-15T14:00:00", "2026-03-15T14:59:59", "h"),
        ("2026-03-15T14:30", "2026-03-15T14:30:00", "2026-03-15T14:30:59", "m"),
        ("2026-03-15T14:30:05", "2026-03-15T14:30:05", "2026-03-15T14:30:05", "s"),
        ("1969-12-31T23:59:59", "1969-12-31T23:59:59", "1969-12-31T23:59:59", "s"),
    ],
)
def test_a_date_cut_off_from_the_right_allows_the_whole_of_its_last_part(text, first, last, precision):
    assert_frame_equal(bounds(pl.Series([text])), allowed(first, last, precision))


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("2026---15", "2026"),
        ("2026----T14:30", "2026"),
        ("2026-03--", "2026-03"),
        ("2026-03--T00:00", "2026-03"),
        ("2026-03-15T-:15:18", "2026-03-15"),
        ("2026-03-15T14:-:19", "2026-03-15T14"),
        ("2026-03-15T14:30:-", "2026-03-15T14:30"),
    ],
)
def test_a_part_after_a_missing_part_is_not_used(text, same_as):
    assert_frame_equal(bounds(pl.Series([text])), bounds(pl.Series([same_as])))


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("  2026-03-15 ", "2026-03-15"),
        ("2026-03-15T14:30:05.999", "2026-03-15T14:30:05"),
        ("2026-03-15T23:30Z", "2026-03-15T23:30"),
        ("2026-03-15T23:30-05:00", "2026-03-15T23:30"),
        ("2026-03-15T23:30:05.1+0530", "2026-03-15T23:30:05"),
        ("2026-03-15T23+01", "2026-03-15T23"),
    ],
)
def test_blanks_fractions_and_offsets_leave_the_clock_as_written(text, same_as):
    assert_frame_equal(bounds(pl.Series([text])), bounds(pl.Series([same_as])))


@pytest.mark.parametrize("text", [None, "", "   "])
def test_a_blank_is_a_date_that_allows_nothing(text):
    texts = pl.Series([text], dtype=pl.String)
    assert (bounds(texts).row(0), is_date(texts)[0]) == (NOTHING, True)


@pytest.mark.parametrize("text", ["--03-15", "--03", "----15", "--02-29", "-----T00:00", "--03-15T14:30"])
def test_a_date_without_a_year_is_iso_8601_but_allows_nothing(text):
    texts = pl.Series([text])
    assert (bounds(texts).row(0), is_date(texts)[0]) == (NOTHING, True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-02-30",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "--02-30",
            "2026-00",
            "2026-13-01",
            "2026-01-32",
        ),
        *(
            "2026-03-15T24:00",
            "2026-03-15T14:60",
            "2026-03-15T14:30:60",
            "2026-03T14",
            "2026-03-15T",
            "2026-",
        ),
        *("15MAR2026", "2026/03/15", "03/15/2026", "20260315", "2026-3-5", "26-03-15", "2026-03-15 14:30"),
        *("46096", "UNKNOWN", "UN-UNK-2026", "-", "-----", "2026-03-15x", "2026-03-1٣", "2026-03-15\n2026"),
    ],
)
def test_what_is_no_date_is_said_to_be_none_and_allows_nothing(text):
    texts = pl.Series([text])
    assert (bounds(texts).row(0), is_date(texts)[0]) == (NOTHING, False)


def test_rows_keep_their_order_and_their_repeats():
    texts = pl.Series("AESTDTC", ["2026", None, "2026-03", "2026", "x"])
    assert bounds(texts)["precision"].to_list() == ["Y", None, "M", "Y", None]
    assert_series_equal(is_date(texts), pl.Series("AESTDTC", [True, True, True, True, False]))


@pytest.mark.parametrize("empty", [pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.Null)])
def test_no_rows_give_no_rows(empty):
    assert_frame_equal(bounds(empty), pl.DataFrame(schema=SCHEMA))
    assert is_date(empty).to_list() == []


def test_a_column_of_nulls_without_a_type_is_a_column_of_blanks():
    assert bounds(pl.Series([None, None])).rows() == [NOTHING, NOTHING]


def test_more_rows_than_one_slice_come_back_whole(monkeypatch):
    monkeypatch.setattr("pipelines.dates._SLICE", 2)
    texts = pl.Series(["2026", "x", "2026-03", None, "2026-03-15"])
    assert bounds(texts)["precision"].to_list() == ["Y", None, "M", None, "D"]
    assert is_date(texts).to_list() == [True, False, True, True, True]


moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))
lengths = st.sampled_from([("Y", 4), ("M", 7), ("D", 10), ("h", 13), ("m", 16), ("s", 19)])


@given(moment=moments, length=lengths)
def test_a_moment_lies_within_the_bounds_of_its_own_text_cut_anywhere(moment, length):
    precision, characters = length
    row = bounds(pl.Series([moment.isoformat()[:characters]])).row(0, named=True)
    assert row["first"] <= seconds(moment.isoformat()[:19]) <= row["last"]
    assert row["precision"] == precision


@given(moment=moments, length=lengths)
def test_the_second_after_the_last_is_no_longer_written_so(moment, length):
    _, characters = length
    text = moment.isoformat()[:characters]
    first, last, _ = bounds(pl.Series([text])).row(0)
    epoch = datetime(1970, 1, 1)
    inside = [(epoch + timedelta(seconds=s)).isoformat()[:characters] for s in (first, last)]
    outside = [(epoch + timedelta(seconds=s)).isoformat()[:characters] for s in (first - 1, last + 1)]
    assert inside == [text, text]
    assert text not in outside


@pytest.mark.parametrize(
    ("text", "not_before", "start"),
    [
        ("2026-03", ["2026-03-10T09:00:00"], "2026-03-10T09:00:00"),
        ("2026-03-10", ["2026-03-10T09:00:00"], "2026-03-10T09:00:00"),
        ("2026-03-10T09", ["2026-03-10T09:20:00"], "2026-03-10T09:20:00"),
        ("2026-03-11", ["2026-03-10T09:00:00"], "2026-03-11T00:00:00"),
        ("2026-03-09", ["2026-03-10T09:00:00"], "2026-03-09T00:00:00"),
        (
            "2026",
            ["2026-03-10T09:00:00", "2026-04-01T00:00:00", "2027-01-01T00:00:00"],
            "2026-04-01T00:00:00",
        ),
        ("2026", [None], "2026-01-01T00:00:00"),
        ("2026", [], "2026-01-01T00:00:00"),
        (None, ["2026-03-10T09:00:00"], None),
    ],
)
def test_a_start_is_not_before_the_limits_that_its_date_allows(text, not_before, start):
    limits = [pl.Series([seconds(limit)], dtype=pl.Int64) for limit in not_before]
    found = start_of(bounds(pl.Series([text], dtype=pl.String)), *limits)
    assert_series_equal(found, pl.Series("start", [seconds(start)], dtype=pl.Int64))


@pytest.mark.parametrize(
    ("text", "not_after", "end"),
    [
        ("2026-03", ["2026-03-10T09:00:00"], "2026-03-10T09:00:00"),
        ("2026-03-10", ["2026-03-10T23:59:59"], "2026-03-10T23:59:59"),
        ("2026-03-11", ["2026-03-10T09:00:00"], "2026-03-11T23:59:59"),
        (
            "2026",
            ["2026-03-10T09:00:00", "2026-02-01T00:00:00", "2025-01-01T00:00:00"],
            "2026-02-01T00:00:00",
        ),
        ("2026", [None], "2026-12-31T23:59:59"),
        ("2026", [], "2026-12-31T23:59:59"),
        (None, ["2026-03-10T09:00:00"], None),
    ],
)
def test_an_end_is_capped_by_the_limits_that_its_date_allows(text, not_after, end):
    limits = [pl.Series([seconds(limit)], dtype=pl.Int64) for limit in not_after]
    found = end_of(bounds(pl.Series([text], dtype=pl.String)), *limits)
    assert_series_equal(found, pl.Series("end", [seconds(end)], dtype=pl.Int64))


NEARLY_DATES = st.lists(
    st.one_of(
        st.none(),
        st.from_regex(r"\A[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9](:[0-6][0-9])?)?\Z"),
        st.from_regex(r"\A[0-9-]{10}(T[0-9:Z+é ]{5})?\Z"),
    ),
    min_size=1,
    max_size=50,
)


@given(NEARLY_DATES)
def test_dates_read_as_digits_are_those_that_the_pattern_reads(texts):
    column = pl.Series("text", texts, dtype=pl.String)
    slow, quick = _bounds(column.to_frame()), plain_bounds(column)
    assert_frame_equal(bounds(column), slow)
    read = quick["first"].is_not_null()
    assert_frame_equal(quick.filter(read), slow.filter(read))


def test_a_whole_date_is_read_as_digits():
    column = pl.Series(["2024-02-29", "2024-02-29T23:59", "2024-02-29T23:59:59"])
    assert plain_bounds(column)["precision"].to_list() == ["D", "m", "s"]
    assert plain_bounds(pl.Series(["2023-02-29", "2024-02", "2024-02-29T24:00", None]))["first"].is_null().all()
