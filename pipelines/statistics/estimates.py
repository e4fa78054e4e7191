"""What every estimator hands back: an estimate with its limits, a test, or why there is neither."""

from dataclasses import dataclass

from scipy.stats import norm


@dataclass(frozen=True, kw_only=True)
class NotEstimable:
    """The data cannot answer, and ``reason`` says why in words a footnote can carry."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A point estimate and its two-sided confidence limits.

    A limit is None where it does not exist; an infinite one is ``inf``.
    """

    estimate: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, kw_only=True)
class TestResult:
    """A chi-square statistic, its degrees of freedom and p-value."""

    __test__ = False  # or pytest takes the class for a test

    statistic: float
    degrees_of_freedom: int
    p_value: float


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A test for trend: ``z`` is positive when it rises, ``exact`` says what the two-sided p-value is."""

    z: float
    p_value: float
    exact: bool


def normal_quantile(confidence: float) -> float:
    """How many standard errors a two-sided normal interval reaches to each side.

    Args:
        confidence: Two-sided coverage, between 0 and 1.

    Raises:
        ValueError: If ``confidence`` is not strictly between 0 and 1.

    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    return float(norm.isf((1 - check_confidence(confidence)) / 2))


def check_confidence(confidence: float) -> float:
    """``confidence`` itself, once known to lie strictly between 0 and 1.

    Raises:
        ValueError: If it does not.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a proportion between 0 and 1, such as 0.95.")
    return confidence
