"""How numbers are written: decimals, percentages, days, and what is written when there is no number."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

NOT_ESTIMABLE = "NE"
NOT_REACHED = "NR"
# Printed where a stratum has no subjects, so that an empty stratum never looks like one without events.
NO_SUBJECTS = "–"
_SMALLEST_P = 0.001


def rounded(value: float, places: int) -> str:
    """The value with a fixed number of decimals, halves rounded away from zero as SAS does.

    Args:
        value: A finite number.
        places: Decimals, 0 or more.

    >>> rounded(63.125, 2), rounded(-0.5, 0), rounded(-0.04, 1)
    ('63.13', '-1', '0.0')
    """
    # The shortest text of a double is the number people see; its binary tail must not decide a half.
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{exact + 0:f}"


def count(value: float) -> str:
    """A number of subjects or rows, thousands set off by commas.

    Args:
        value: A whole number.

    Raises:
        ValueError: If it is not whole.

    >>> count(12034)
    '12,034'
    """
    if value != int(value):
        raise ValueError(f"{value} cannot be a count, for it is not whole; print it in another style.")
    return f"{int(value):,}"


def percent(value: float) -> str:
    """A proportion in percent with one decimal, without the sign; never 0.0 or 100.0 unless it is.

    Args:
        value: Proportion, 0 to 1.

    >>> percent(0.0625), percent(0.0001), percent(0.9999), percent(1)
    ('6.3', '<0.1', '>99.9', '100.0')
    """
    text = rounded(float(Decimal(repr(float(value))) * 100), 1)
    if text == "0.0" and value > 0:
        return "<0.1"
    if text == "100.0" and value < 1:
        return ">99.9"
    return text


def p_value(value: float) -> str:
    """A p-value with three decimals.

    Args:
        value: Probability, 0 to 1.

    >>> p_value(0.0004), p_value(0.0405)
    ('<0.001', '0.041')
    """
    return f"<{_SMALLEST_P}" if value < _SMALLEST_P else rounded(value, 3)


def plural(n: float, one: str, many: str | None = None) -> str:
    """The noun that goes with so many.

    >>> plural(1, "subject"), plural(0, "subject"), plural(2, "query", "queries")
    ('subject', 'subjects', 'queries')
    """
    return one if n == 1 else many or f"{one}s"


def points(value: float) -> str:
    """A difference of proportions in percentage points, with one decimal.

    Args:
        value: -1 to 1.

    >>> points(-0.0155), points(0.00004), points(0.25)
    ('-1.6', '0.0', '25.0')
    """
    return rounded(float(Decimal(repr(float(value))) * 100), 1)


def yes_no(value: float) -> str:
    """Yes for 1 and no for 0.

    >>> yes_no(1), yes_no(0)
    ('yes', 'no')
    """
    return "yes" if value else "no"


def tenths(value: float) -> str:
    """A number with one decimal.

    >>> tenths(23.111)
    '23.1'
    """
    return rounded(value, 1)


def hundredths(value: float) -> str:
    """A number with two decimals: test statistics, areas under curves, kappa, rates.

    >>> hundredths(0.9735)
    '0.97'
    """
    return rounded(value, 2)


def days(value: float) -> str:
    """Days with one decimal.

    >>> days(2.25)
    '2.3'
    """
    return rounded(value, 1)


def spread(value: float) -> str:
    """A standard deviation, with one decimal more than what it describes.

    >>> spread(1.005)
    '1.01'
    """
    return rounded(value, 2)


def ratio(value: float) -> str:
    """An odds ratio or hazard ratio: two decimals, fewer the larger it is.

    Args:
        value: 0 or more.

    >>> ratio(2.345), ratio(0.004), ratio(23.45), ratio(1234.5)
    ('2.35', '<0.01', '23.5', '1,235')
    """
    if 0 < value < 0.01:
        return "<0.01"
    return rounded(value, 2) if value < 10 else amount(value)


def amount(value: float) -> str:
    """A measured amount, to about three figures.

    >>> amount(0.0456), amount(4.756), amount(47.45), amount(12345.6)
    ('0.046', '4.76', '47.5', '12,346')
    """
    places = 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return rounded(value, places) if places else count(float(rounded(value, 0)))


# A number in a report names its style, so that anyone can hold the text against the ARD.
STYLES: Mapping[str, Callable[[float], str]] = {
    "count": count,
    "percent": percent,
    "days": days,
    "spread": spread,
    "p_value": p_value,
    "points": points,
    "yes_no": yes_no,
    "tenths": tenths,
    "hundredths": hundredths,
    "ratio": ratio,
    "amount": amount,
}


def written(stat: float | None, stat_text: str | None, style: str) -> str:
    """The text of one result.

    Args:
        stat: The number; empty where there is none.
        stat_text: What stands in its place, such as NR.
        style: A name in ``STYLES``.
    """
    return (stat_text or NOT_ESTIMABLE) if stat is None else STYLES[style](stat)
