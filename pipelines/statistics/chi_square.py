"""How far observed counts lie from expected ones, measured by their covariance."""

import numpy as np
from scipy.stats import chi2

from pipelines.statistics.estimates import NotEstimable, TestResult


def chi_square(excess: np.ndarray, covariance: np.ndarray, reason: str) -> TestResult | NotEstimable:
    """The squared length of ``excess`` measured by its covariance, whose rank is the degrees of freedom.

    Args:
        excess: Observed less expected.
        covariance: Of ``excess``; may be singular.
        reason: Why there is no answer when the covariance is nil.
    """
    scale = np.sqrt(np.diag(covariance).clip(min=0))
    kept = scale > 1e-9 * max(1.0, float(scale.max(initial=0.0)))
    if not kept.any():
        return NotEstimable(reason=reason)
    correlation = covariance[np.ix_(kept, kept)] / np.outer(scale[kept], scale[kept])
    standardised = excess[kept] / scale[kept]
    statistic = float(standardised @ np.linalg.pinv(correlation, rcond=1e-10, hermitian=True) @ standardised)
    degrees = int(np.linalg.matrix_rank(correlation, tol=1e-10, hermitian=True))
    return TestResult(statistic=statistic, degrees_of_freedom=degrees, p_value=float(chi2.sf(statistic, degrees)))
