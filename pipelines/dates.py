"""What a date text allows: its earliest and its latest second, and how precise it is.

Dates are read here once, so that SQL only ever meets whole seconds.
"""

import polars as pl

from pipelines.plain_dates import plain_bounds

PARTS = ("year", "month", "day", "hour", "minute", "second")
PRECISIONS = dict(enumerate("YMDhms", start=1))

# Year to second, each replaced by a hyphen when it is missing, or cut off from the right.
_ISO_8601 = r"""(?x)^(?P<year>[0-9]{4}|-)
    (?:-(?P<month>0[1-9]|1[0-2]|-)
    (?:-(?P<day>0[1-9]|[12][0-9]|3[01]|-)
    (?:T(?P<hour>[01][0-9]|2[0-3]|-)
    (?::(?P<minute>[0-5][0-9]|-)
    (?::(?P<second>[0-5][0-9]|-)(?:\.[0-9]+)?)?)?
    (?:Z|[+-][0-9][0-9](?::?[0-9][0-9])?)?)?)?)?$"""

# Ten million rows at once would hold six more columns of text; a slice of them does not.
_SLICE = 1_000_000


def bounds(texts: pl.Series) -> pl.DataFrame:
    """The earliest and the latest second that each text allows, and its precision.

    A part after a missing part is not used: ``2026---15`` allows the whole of 2026, as in admiral. An
    offset from UTC is not applied: a subject's day is the one on the wall.

    Args:
        texts: Dates and times as SDTM writes them, ISO 8601.

    Returns:
        As many rows, in order: ``first`` and ``last``, whole seconds since 1970-01-01T00:00 of the clock as
        written, and ``precision``, the finest part used, one of Y M D h m s. All three are null when the text
        is blank, has no year, or is not a date.

    Source:
        SDTMIG 3.4, section 4.4; admiral, ``impute_dtc_dtm(preserve = FALSE)``.

    >>> bounds(pl.Series(["1970-01"])).row(0)
    (0, 2678399, 'M')
    """
    text = texts.cast(pl.String)
    plain = plain_bounds(text)
    others = plain["first"].is_null() & text.is_not_null()
    if not others.any():
        return plain
    read = pl.concat(_bounds(part) for part in _slices(text.filter(others)))
    place = pl.concat([(~others).arg_true(), others.arg_true()])
    return pl.concat([plain.filter(~others), read]).with_columns(place=place).sort("place").drop("place")


def is_date(texts: pl.Series) -> pl.Series:
    """Whether each text is blank, or a date or time as SDTM permits; one without a year is."""
    blank = texts.cast(pl.String).str.strip_chars().fill_null("") == ""
    permitted = pl.concat(_numbers(part)["permitted"] for part in _slices(texts))
    return (blank | permitted).alias(texts.name)


def start_of(allowed: pl.DataFrame, *not_before: pl.Series) -> pl.Series:
    """The earliest second that each date allows, or the latest of the limits that lie within the date.

    Args:
        allowed: Dates as :func:`bounds` gives them.
        not_before: Limits, such as the first infusion, in the same seconds; null is no limit.

    Returns:
        Seconds, null where the date is.

    Source:
        admiral, ``date_imputation = "first"`` with ``min_dates``.
    """
    limits = [pl.when(limit.is_between(allowed["first"], allowed["last"])).then(limit) for limit in not_before]
    return allowed.select(pl.max_horizontal("first", *limits).alias("start"))["start"]


def end_of(allowed: pl.DataFrame, *not_after: pl.Series) -> pl.Series:
    """The latest second that each date allows, or the earliest of the limits that lie within the date.

    A limit before the date is no cap: an end recorded after death is a contradiction to report, not to hide.

    Args:
        allowed: Dates as :func:`bounds` gives them.
        not_after: Limits, such as death, last contact and data cut, in the same seconds; null is no limit.

    Returns:
        Seconds, null where the date is.

    Source:
        admiral, ``date_imputation = "last"`` with ``max_dates``.
    """
    limits = [pl.when(limit.is_between(allowed["first"], allowed["last"])).then(limit) for limit in not_after]
    return allowed.select(pl.min_horizontal("last", *limits).alias("end"))["end"]


def _slices(texts: pl.Series) -> list[pl.DataFrame]:
    frame = texts.cast(pl.String).alias("text").to_frame()
    return [*frame.iter_slices(_SLICE)] or [frame]


def _bounds(frame: pl.DataFrame) -> pl.DataFrame:
    return (
        _used(_numbers(frame))
        .with_columns(day_one=pl.date("year", pl.col("month").fill_null(1), pl.col("day").fill_null(1)))
        .with_columns(day_last=_last_day())
        .select(
            first=_second_of(pl.col("day_one"), hour=0, minute=0, second=0),
            last=_second_of(pl.col("day_last"), hour=23, minute=59, second=59),
            precision=pl.col("used").replace_strict(PRECISIONS, default=None, return_dtype=pl.String),
        )
    )


def _numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """The parts of each date as numbers, null when missing, and whether the text is ``permitted`` at all."""
    groups = pl.col("text").str.strip_chars().str.extract_groups(_ISO_8601)
    # Unnesting the frame, not the expression, which would match every text once a part.
    parts = frame.select(groups.alias("parts")).unnest("parts")
    numbers = parts.cast(pl.Int64, strict=False)
    # Without a year 29 February may be right, so the calendar of a leap year decides.
    month = pl.date(pl.col("year").fill_null(2000), pl.col("month").fill_null(1), 1)
    on_calendar = pl.col("day").fill_null(1) <= month.dt.month_end().dt.day()
    says_something = pl.any_horizontal(pl.col(PARTS).is_not_null())
    return numbers.with_columns(permitted=parts["year"].is_not_null() & (on_calendar & says_something))


def _used(numbers: pl.DataFrame) -> pl.DataFrame:
    """The parts up to the first missing one, and how many they are; none when the text is not permitted."""
    known = [pl.all_horizontal("permitted", pl.col(PARTS[: n + 1]).is_not_null()) for n in range(len(PARTS))]
    counted = numbers.with_columns(used=pl.sum_horizontal(known).cast(pl.Int64))
    return counted.with_columns(pl.when(pl.col("used") > n).then(part).alias(part) for n, part in enumerate(PARTS))


def _last_day() -> pl.Expr:
    whole_year, whole_month = pl.col("month").is_null(), pl.col("day").is_null()
    return (
        pl.when(whole_year)
        .then(pl.date("year", 12, 31))
        .when(whole_month)
        .then(pl.col("day_one").dt.month_end())
        .otherwise("day_one")
    )


def _second_of(day: pl.Expr, *, hour: int, minute: int, second: int) -> pl.Expr:
    """The second of the day and time, with these for the parts of the time that are missing."""
    parts = {"hour": (hour, 3600), "minute": (minute, 60), "second": (second, 1)}
    time = [pl.col(part).fill_null(missing) * seconds for part, (missing, seconds) in parts.items()]
    return day.dt.epoch("s") + pl.sum_horizontal(time)
