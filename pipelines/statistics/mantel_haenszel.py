"""The same comparison in every stratum: Cochran-Mantel-Haenszel, the common odds ratio, Breslow-Day."""

from collections.abc import Sequence
from math import exp, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

from pipelines.statistics.chi_square import chi_square
from pipelines.statistics.differences import TwoGroups
from pipelines.statistics.estimates import Estimate, NotEstimable, TestResult, normal_quantile

Alternative = Literal["general", "row means", "correlation"]


def cochran_mantel_haenszel(tables: ArrayLike, alternative: Alternative = "general") -> TestResult | NotEstimable:
    """Cochran-Mantel-Haenszel test that rows and columns are unrelated within strata.

    Args:
        tables: Counts of subjects, strata x rows x columns.
        alternative: ``general``: any association; ``row means``: columns are ordered and rows differ in their
            mean column; ``correlation``: both are ordered and one rises with the other.

    Returns:
        Chi-square without continuity correction, its degrees of freedom and p-value.

    Raises:
        ValueError: If ``tables`` has not three dimensions or a count is negative.

    Source:
        Landis JR, Heyman ER, Koch GG. Int Stat Rev 1978;46(3):237-254.

    >>> round(cochran_mantel_haenszel([[[10, 30], [5, 37]], [[15, 35], [9, 39]]]).statistic, 4)
    3.8528
    """
    counts = np.asarray(tables, dtype=float)
    if counts.ndim != 3 or (counts < 0).any():
        raise ValueError(f"tables has shape {counts.shape}; give counts from 0 up as strata x rows x columns.")
    contrast = np.kron(
        _contrasts(counts.shape[1], ordered=alternative == "correlation"),
        _contrasts(counts.shape[2], ordered=alternative != "general"),
    )
    # A stratum of one subject cannot compare anything.
    usable = [stratum for stratum in counts if stratum.sum() > 1]
    excess = sum((contrast @ _excess(stratum) for stratum in usable), np.zeros(len(contrast)))
    covariance = sum(
        (contrast @ _covariance(stratum) @ contrast.T for stratum in usable), np.zeros((len(contrast),) * 2)
    )
    return chi_square(excess, covariance, reason="no stratum has two rows and two columns with subjects")


def common_odds_ratio(strata: Sequence[TwoGroups], confidence: float = 0.95) -> Estimate | NotEstimable:
    """Mantel-Haenszel odds ratio over strata, with the limits of Robins, Breslow and Greenland.

    Args:
        strata: One or more.
        confidence: Two-sided coverage, between 0 and 1.

    Source:
        Robins J, Breslow N, Greenland S. Biometrics 1986;42(2):311-323.

    >>> stratum = TwoGroups(events=10, subjects=40, reference_events=5, reference_subjects=42)
    >>> round(common_odds_ratio([stratum]).estimate, 4)
    2.4667
    """
    a, b, c, d = _cells(strata)
    n = np.maximum(a + b + c + d, 1)
    concordant, discordant = a * d / n, b * c / n
    r, s = concordant.sum(), discordant.sum()
    if r == 0 or s == 0:
        return NotEstimable(reason="in no stratum were there subjects with and without the event in both groups")
    p, q = (a + d) / n, (b + c) / n
    variance = (
        (p @ concordant) / (2 * r**2) + (p @ discordant + q @ concordant) / (2 * r * s) + (q @ discordant) / (2 * s**2)
    )
    reach = normal_quantile(confidence) * sqrt(variance)
    centre = log(r / s)
    return Estimate(estimate=float(r / s), lower=exp(centre - reach), upper=exp(centre + reach))


def breslow_day(strata: Sequence[TwoGroups], tarone: bool = False) -> TestResult | NotEstimable:
    """Breslow-Day test that the odds ratio is the same in every stratum.

    Args:
        strata: Two or more; one in which nobody or everybody had the event, or a group is empty, says nothing
            about the odds ratio and is left out, as SAS does.
        tarone: Whether to take Tarone's correction off the statistic.

    Source:
        Breslow NE, Day NE. Statistical Methods in Cancer Research I. IARC 1980, section 4.4; Tarone RE.
        Biometrika 1985;72(1):91-95.
    """
    ratio = common_odds_ratio(strata)
    a, b, c, d = _cells([stratum for stratum in strata if _informative(stratum)])
    if isinstance(ratio, NotEstimable) or len(a) < 2:
        return NotEstimable(reason="fewer than two strata say anything about the odds ratio")
    row, other, events = a + b, c + d, a + c
    middle = other - events + ratio.estimate * (events + row)
    product = ratio.estimate * events * row
    fitted = 2 * product / (middle + np.sqrt(middle**2 + 4 * (1 - ratio.estimate) * product))
    expected = np.array([fitted, row - fitted, events - fitted, other - events + fitted])
    variance = 1 / (1 / expected).sum(axis=0)
    statistic = ((a - fitted) ** 2 / variance).sum()
    if tarone:
        statistic -= (a - fitted).sum() ** 2 / variance.sum()
    degrees = len(a) - 1
    return TestResult(
        statistic=float(statistic), degrees_of_freedom=degrees, p_value=float(chi2.sf(statistic, degrees))
    )


def _contrasts(levels: int, ordered: bool) -> np.ndarray:
    return np.arange(1.0, levels + 1)[None, :] if ordered else np.eye(levels)[:-1]


def _excess(table: np.ndarray) -> np.ndarray:
    return (table - np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()).ravel()


def _covariance(table: np.ndarray) -> np.ndarray:
    n = table.sum()
    spreads = (np.diag(margin) - np.outer(margin, margin) / n for margin in (table.sum(axis=1), table.sum(axis=0)))
    return np.kron(*spreads) / (n - 1)


def _cells(strata: Sequence[TwoGroups]) -> tuple[np.ndarray, ...]:
    rows = [
        (s.events, s.subjects - s.events, s.reference_events, s.reference_subjects - s.reference_events) for s in strata
    ]
    return tuple(np.array(rows, dtype=float).reshape(-1, 4).T)


def _informative(stratum: TwoGroups) -> bool:
    events = stratum.events + stratum.reference_events
    return stratum.both_present and 0 < events < stratum.subjects + stratum.reference_subjects
