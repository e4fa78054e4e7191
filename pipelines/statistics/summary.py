"""A column of numbers in eight: n, mean, standard deviation, quartiles and extremes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.statistics.arrays import finite


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Descriptive statistics in the unit of the values; None is what that few values cannot give."""

    n: int
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None


def describe(values: ArrayLike) -> Summary:
    """The number of values, their mean, sample standard deviation, quartiles (type 2) and extremes.

    Args:
        values: Observed numbers in any one unit, in any order, none missing.

    Returns:
        One summary: without values all but ``n`` is None, with one value only the standard deviation is.

    Raises:
        ValueError: If a value is not a finite number.

    >>> describe([1, 2, 3, 4]).median
    2.5
    >>> describe([]).median is None
    True
    """
    data = finite(values)
    if data.size == 0:
        return Summary(n=0, mean=None, sd=None, median=None, q1=None, q3=None, minimum=None, maximum=None)
    q1, median, q3 = quantiles(data, (0.25, 0.5, 0.75))
    return Summary(
        n=data.size,
        mean=float(data.mean()),
        sd=float(data.std(ddof=1)) if data.size > 1 else None,
        median=median,
        q1=q1,
        q3=q3,
        minimum=float(data.min()),
        maximum=float(data.max()),
    )


def quantiles(values: ArrayLike, probabilities: Sequence[float]) -> list[float]:
    """Sample quantiles of type 2: the value at rank n*p, averaged with the next when n*p is whole.

    This is what SAS reports by default (PCTLDEF=5) and R's ``quantile(type = 2)``.

    Args:
        values: Observed numbers, one or more, in any order, none missing.
        probabilities: Each in [0, 1].

    Returns:
        One quantile for each probability, in the order asked.

    Raises:
        ValueError: If there are no values, or one is not a finite number.

    Source:
        Hyndman RJ, Fan Y. Am Stat 1996;50(4):361-365, definition 2.

    >>> quantiles([1, 2, 2, 3, 8], [0.25, 0.5, 0.75])
    [2.0, 2.0, 3.0]
    """
    data = finite(values)
    if data.size == 0:
        raise ValueError("quantiles of no values cannot be; ask for them only where there is a value.")
    found = np.quantile(data, probabilities, method="averaged_inverted_cdf")
    return [float(quantile) for quantile in found]
